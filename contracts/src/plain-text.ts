/** What turns the direction of writing, for the rest of the line or the rest of the message. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** What nobody sees and nothing needs; joiners stay, since emoji and some scripts are written with them. */
const WIDTHLESS = /\u00ad|\u034f|\u180e|\u200b|[\u2060-\u2065]|[\u206a-\u206f]|\ufeff|[\ufff9-\ufffb]|\u{e0001}/gu;
/** Blanks that are no spaces to anybody but the reader. */
const BLANK = /[\s\p{Z}\p{Cf}\p{Cc}\p{M}\p{Default_Ignorable_Code_Point}]|\u2800|\ufffc|\u{1d159}/gu;

/** A value as it may stand within a message: on one line, which it cannot turn around, nor hide in. Empty where nobody would see it. */
export function plainValue(value: string): string {
  const plain = value
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(DIRECTION, '')
    .replace(WIDTHLESS, '')
    .trim();
  return isBlank(plain) ? '' : plain;
}

/** A value with single spaces between its words, so that two which look alike are one. */
export function plainLine(value: string): string {
  // Almost every cell of a large import.
  const plain = /[^ -~]/.test(value) ? plainValue(value).normalize('NFC') : value.trim();
  return plain.replace(/\s+/g, ' ');
}

/** Whether whoever reads it would see nothing. */
export function isBlank(text: string): boolean {
  return text.replace(BLANK, '') === '';
}
