import type { Limits } from '@koneksi/contracts/outlet-warnings';
import { wholeNumber } from '../core/formats';
import type { Texts } from '../core/texts';

/**
 * What WhatsApp lets an outlet do with people it does not know; `null` where it said nothing, or counts nothing.
 * @param timeOf an instant as the page around it writes them
 */
export function limitsText(
  limits: Limits | null,
  { t, locale }: Pick<Texts, 't' | 'locale'>,
  timeOf: (iso: string) => string,
): string | null {
  if (limits === null) return null;
  const { newChats, until, left } = limits;
  const time = until === null ? null : timeOf(until);
  switch (newChats) {
    case 'locked':
      return time === null ? t('limits.locked') : t('limits.lockedUntil', { time });
    case 'capped':
      return time === null ? t('limits.capped') : t('limits.cappedUntil', { time });
    case 'open':
      return left === null ? null : t('limits.left', { count: wholeNumber(left, locale()) });
  }
}
