import type { Estimate } from '@koneksi/contracts/blast-preview';
import { finishesAt, type Carefulness, type Load, type Usage, type WhatsappLimit } from './careful.js';
import { localDay } from './local-time.js';

/** When an outlet would write to so many after what is `ahead`, as it is told to people. Instants in milliseconds since the epoch. */
export function toEstimate(
  now: number,
  start: number,
  recipients: { newChats: number; knownChats: number },
  { careful, usage, newChats }: { careful: Carefulness; usage: Usage; newChats: WhatsappLimit | null },
  notAfter: number | null,
  ahead: readonly Load[],
): Estimate {
  const earliest = Math.min(start, ...ahead.map(({ from }) => from));
  // What went out today leaves another day's caps alone.
  const isToday = localDay(earliest, careful.zone) === localDay(now, careful.zone);
  const usageThen = isToday ? usage : { ...usage, newChats: 0, knownChats: 0 };
  const span = finishesAt(start, recipients, careful, usageThen, newChats ?? undefined, notAfter, ahead);
  return {
    startsAt: isoOf(span.startsAt),
    finishesAt: isoOf(span.finishesAt),
    zone: careful.zone,
    waitsFor: span.waitsFor,
    slowest: span.slowest,
    tooLate: span.late,
  };
}

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
