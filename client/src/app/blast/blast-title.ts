import type { BlastSummary } from '@koneksi/contracts/blasts';
import { exactTime } from '../core/formats';
import type { Locale } from '@koneksi/contracts/reason-texts';

/** The name someone gave it, or when it was made. */
export function blastTitle({ title, createdAt }: Pick<BlastSummary, 'title' | 'createdAt'>, locale: Locale): string {
  return title ?? exactTime(createdAt, locale);
}
