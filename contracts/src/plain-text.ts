/** What turns the direction of writing, for the rest of the line or the rest of the message. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** What nobody sees and nothing needs; joiners stay, since emoji and some scripts are written with them. */
const WIDTHLESS = /\u00ad|\u034f|\u180e|\u200b|[\u2060-\u2065]|[\u206a-\u206f]|\ufeff|[\ufff9-\ufffb]|\u{e0001}/gu;
/** Blanks that are no spaces to anybody but the reader. */
const BLANK =
  /[\s\p{Z}\p{Cf}\p{Cc}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u2800|\u3164|\uffa0|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** A value as it may stand within a message: it cannot turn the line around, nor hide in it. Empty where nobody would see it. */
export function plainValue(value: string): string {
  const plain = value.replace(DIRECTION, '').replace(WIDTHLESS, '').trim();
  return isBlank(plain) ? '' : plain;
}

/** Whether whoever reads it would see nothing. */
export function isBlank(text: string): boolean {
  return text.replace(BLANK, '') === '';
}
