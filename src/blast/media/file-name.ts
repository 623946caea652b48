import type { MediaType } from '@koneksi/contracts/blast-limits';

/** The first is given to a name that has none of them. */
const EXTENSIONS: Record<MediaType, readonly [string, ...string[]]> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'video/mp4': ['mp4', 'm4v'],
  'application/pdf': ['pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
};
/** What turns the direction of writing, or is not seen at all; joiners within emoji stay. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;
const LONGEST = 120;

/** The name customers get: no folders, nothing unseen, and the extension of what the file is. */
export function fileNameFor(given: string, type: MediaType): string {
  const name = withoutEnds(
    given
      .replace(UNSEEN, '')
      .replace(/^.*[/\\]/s, '')
      .replace(/[<>:"|?*]/g, '_'),
  );
  const [, stem = name, extension = ''] = /^(.+)\.([a-z][a-z\d]{0,4})$/i.exec(name) ?? [];
  const [usual, ...others] = EXTENSIONS[type];
  const kept = [usual, ...others].includes(extension.toLowerCase()) ? extension : usual;
  const room = LONGEST - kept.length - 1;
  const short = stem.slice(0, room).replace(/[\ud800-\udbff]$/, '');
  return `${short || 'berkas'}.${kept}`;
}

/** Dots and blanks around a name. From its end backwards: a pattern would try each of a million blanks as the last. */
function withoutEnds(name: string): string {
  let end = name.length;
  while (end > 0 && /[.\s]/.test(name.charAt(end - 1))) end--;
  return name.slice(0, end).replace(/^[.\s]+/, '');
}
