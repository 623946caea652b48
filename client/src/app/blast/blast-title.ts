import type { BlastSummary } from '@koneksi/contracts/blasts';
import { exactTime } from '../core/formats';
import type { Locale } from '@koneksi/contracts/reason-texts';

/** The name someone gave it, or how it begins; a picture without a word goes by when it was made. */
export function blastTitle(
  { title, excerpt, createdAt }: Pick<BlastSummary, 'title' | 'excerpt' | 'createdAt'>,
  locale: Locale,
): string {
  return title ?? (excerpt || exactTime(createdAt, locale));
}
