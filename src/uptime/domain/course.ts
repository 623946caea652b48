import {
  countedBy,
  markAfter,
  type Interval,
  type Mark,
  type Terms,
  type TimeMark,
  type TurnKind,
} from '@koneksi/contracts/uptime-mark';

/** All instants and lengths in milliseconds; instants since the epoch. */

/** Where an outlet is, and up to when its time is counted. */
export interface Course {
  /** `null`: it is not there. */
  readonly mark: Mark | null;
  readonly upto: number;
}

/** One line of the log, as far as uptime goes. */
export interface Turn {
  readonly at: number;
  readonly kind: TurnKind | 'removed';
}

/** By what the time of an outlet is counted, and told. */
export interface CourseTerms extends Terms {
  /** Of its zone; whole hours. */
  readonly offsetMs: number;
  /** What is older is told by days alone. */
  readonly hoursFrom: number;
}

/** A stretch within one hour, or within one day where it is older than hours are kept. */
export interface Share {
  readonly from: number;
  readonly mark: Mark;
  readonly ms: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Follows an outlet through its turns, oldest first, and on to `until`; tells what is to be added to its sums.
 * No moment is counted twice: after a clock was set back nothing is, until it has been caught up with.
 * @param until `null`: no further than its last turn
 */
export function follow(
  before: Course,
  turns: readonly Turn[],
  until: number | null,
  terms: CourseTerms,
): { course: Course; shares: Share[] } {
  const shares: Share[] = [];
  let course = before;
  const reach = (at: number): void => {
    if (at <= course.upto) return;
    if (course.mark !== null) shares.push(...sharesOf(course.mark, { from: course.upto, to: at }, terms));
    course = { mark: course.mark, upto: at };
  };
  for (const { at, kind } of turns) {
    reach(at);
    course = { mark: kind === 'removed' ? null : markAfter(kind, course.mark), upto: course.upto };
  }
  if (until !== null) reach(until);
  return { course, shares };
}

function sharesOf(mark: Mark, { from, to }: Interval, terms: CourseTerms): Share[] {
  const pieces = countedBy<{ from: number; mark: TimeMark }>(terms, [{ from, mark }], to);
  return pieces.flatMap((piece, index): Share[] =>
    piece.mark === 'unknown' ? [] : parted(piece.mark, { from: piece.from, to: pieces[index + 1]?.from ?? to }, terms),
  );
}

function parted(mark: Mark, { from, to }: Interval, terms: CourseTerms): Share[] {
  const shares: Share[] = [];
  for (let at = from; at < to;) {
    const next = Math.min(to, nextBorder(at, terms));
    shares.push({ from: at, mark, ms: next - at });
    at = next;
  }
  return shares;
}

function nextBorder(at: number, { offsetMs, hoursFrom }: CourseTerms): number {
  if (at >= hoursFrom) return hourOf(at) + HOUR_MS;
  return Math.min(hoursFrom, midnightOf(at, offsetMs) + DAY_MS);
}

/** When the hour of an instant began. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** When the day of an instant began in a zone. */
export const midnightOf = (at: number, offsetMs: number): number =>
  Math.floor((at + offsetMs) / DAY_MS) * DAY_MS - offsetMs;

/** `2026-11-27`: the date of an instant in a zone. */
export const dateOf = (at: number, offsetMs: number): string => new Date(at + offsetMs).toISOString().slice(0, 10);
