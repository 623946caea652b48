const END = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY = Buffer.from('PK\x01\x02', 'latin1');
const FILE = Buffer.from('PK\x03\x04', 'latin1');
const LONGEST_END = 65_557;

/**
 * The names in a ZIP by its list at the end, each where the file itself begins too; `null` for what is no ZIP.
 * APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16; one in the 64-bit form is none to us.
 */
export function zipNames(content: Buffer): string[] | null {
  const end = content.lastIndexOf(END);
  if (end < Math.max(0, content.length - LONGEST_END) || end + 22 > content.length) return null;
  const names: string[] = [];
  let at = content.readUInt32LE(end + 16);
  for (let left = content.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + 46 > end || !beginsWith(content, ENTRY, at)) return null;
    const length = content.readUInt16LE(at + 28);
    const name = content.subarray(at + 46, at + 46 + length);
    const file = content.readUInt32LE(at + 42);
    if (!beginsWith(content, FILE, file) || !beginsWith(content, name, file + 30)) return null;
    names.push(name.toString('utf8'));
    at += 46 + length + content.readUInt16LE(at + 30) + content.readUInt16LE(at + 32);
  }
  return names;
}

function beginsWith(content: Buffer, part: Buffer, at: number): boolean {
  return content.subarray(at, at + part.length).equals(part);
}
