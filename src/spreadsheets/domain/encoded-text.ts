/** How a value of a card is written, as its parameters say. */
export type Encoding = 'quoted-printable' | 'base64' | null;

/** An encoded word of RFC 2047, as mail has them and address books made of mail. */
const WORD = /=\?([\w-]{1,40})\?([bq])\?([^?\s]{0,2000})\?=/gi;

/** vCard 2.1 may leave `ENCODING=` out, 3.0 says `b`. */
export function encodingOf(params: string): Encoding {
  for (const param of params.split(';')) {
    const value = param
      .replace(/^ENCODING=/i, '')
      .replaceAll('"', '')
      .trim()
      .toUpperCase();
    if (value === 'QUOTED-PRINTABLE') return 'quoted-printable';
    if (value === 'BASE64' || value === 'B') return 'base64';
  }
  return null;
}

/** What a value says; one that is not what its parameters say stays as it is. */
export function decoded(value: string, encoding: Encoding, params: string): string {
  const charset = /(?:^|;)CHARSET="?([\w-]{1,40})/i.exec(params)?.[1] ?? 'utf-8';
  if (encoding === 'quoted-printable') return textOf(fromQuotedPrintable(value), charset);
  const whole = encoding === 'base64' ? value.replace(/\s/g, '') : '';
  if (/^[A-Za-z\d+/]+={0,2}$/.test(whole)) return textOf(Buffer.from(whole, 'base64'), charset);
  return (
    value
      // What stands between two words is there to divide them.
      .replace(/(\?=)\s+(?==\?)/g, '$1')
      .replace(WORD, (_, label: string, how: string, text: string) =>
        textOf(
          how.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : fromQuotedPrintable(text.replaceAll('_', ' ')),
          label,
        ),
      )
  );
}

function fromQuotedPrintable(value: string): Buffer {
  const pieces = value.split(/=([\dA-F]{2})/i);
  return Buffer.concat(pieces.map((piece, at) => (at % 2 === 0 ? Buffer.from(piece) : Buffer.from(piece, 'hex'))));
}

/** In the character set that is told, if it is one and the bytes are of it; phones say UTF-8 and write their own. */
function textOf(bytes: Buffer, charset: string): string {
  for (const label of [charset, 'utf-8']) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes);
    } catch {
      continue;
    }
  }
  return new TextDecoder('windows-1252').decode(bytes);
}
