import type { Locale } from '@koneksi/contracts/reason-texts';
import { wholeNumber } from '../core/formats';

/** `312 kB`, `2,4 MB` */
export function fileSize(bytes: number, locale: Locale): string {
  if (bytes < 1_000_000) return `${wholeNumber(Math.ceil(bytes / 1_000), locale)} kB`;
  return `${wholeNumber(Math.round(bytes / 100_000) / 10, locale)} MB`;
}
