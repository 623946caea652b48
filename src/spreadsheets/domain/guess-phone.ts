import { googlePhone, isElsewhere, phoneRank } from './header-words.js';
import { readPhone } from './import-phone.js';

/** Which column holds the numbers, and whether that is beyond doubt. */
export interface PhoneGuess {
  /** `null` where nothing is, or where a person must say. */
  column: number | null;
  /** Where numbers of the same customers stand that serve when the column itself has none. */
  others: number[];
  sure: boolean;
  /** Likeliest first. */
  candidates: number[];
}

interface Column {
  index: number;
  rank: number;
  elsewhere: boolean;
  google: boolean;
  values: readonly string[];
  /** Of all values, how many are mobile numbers; written as such, not as bare foreign digits; or try to be numbers. */
  mobile: number;
  explicit: number;
  tries: number;
}

/** Takes a column only where header and values leave no doubt; else names those in question. */
export function guessPhone(
  headers: readonly string[] | null,
  valuesOf: (index: number) => string[],
  width: number,
): PhoneGuess {
  const columns = Array.from({ length: width }, (_, index) => look(headers?.[index] ?? '', valuesOf(index), index));
  const strong = columns.filter(({ rank, mobile }) => rank >= 1 && mobile >= 0.5).sort(byRank);
  if (strong.length > 0) return amongStrong(strong);
  const named = columns.filter(({ rank }) => rank >= 2).sort((a, b) => b.mobile - a.mobile || byRank(a, b));
  const shaped = columns.filter(
    ({ rank, elsewhere, explicit, mobile, tries }) => rank < 2 && !elsewhere && mobile > 0 && explicit + tries >= 0.5,
  );
  const weak = columns.filter((column) => column.rank < 2 && !shaped.includes(column) && column.mobile >= 0.5);
  if (named.length > 0) {
    const rivals = [...named.slice(1).filter(({ mobile }) => mobile > 0), ...shaped, ...weak];
    return rivals.length === 0 ? certain(named[0]!) : doubtful([named[0]!, ...rivals]);
  }
  if (shaped.length === 1) return certain(shaped[0]!);
  return doubtful([...shaped, ...weak]);
}

function amongStrong(strong: readonly Column[]): PhoneGuess {
  const [first, ...rest] = strong;
  if (strong.every(({ google }) => google)) return certain(first!, rest);
  const rivals = rest.filter(
    (column) => !(first!.rank >= 4 && column.rank < first!.rank) && column.rank >= 2 && !isSame(first!, column),
  );
  if (rivals.length > 0) return doubtful([first!, ...rivals]);
  // Who has nothing under `No WA` is written to at `No HP`; our own export has what it has.
  const instead = first!.rank >= 5 ? [] : rest.filter((column) => column.rank >= 2 && !isSame(first!, column));
  return certain(first!, instead);
}

/** `Phone 2 - Value` belongs to the same person as `Phone 1 - Value`, however seldom it is filled in. */
function certain(column: Column, others: readonly Column[] = []): PhoneGuess {
  return { column: column.index, others: others.map(({ index }) => index), sure: true, candidates: [column.index] };
}

function doubtful(columns: readonly Column[]): PhoneGuess {
  return { column: null, others: [], sure: columns.length === 0, candidates: columns.map(({ index }) => index) };
}

function look(header: string, values: readonly string[], index: number): Column {
  const reads = values.map((value) => ({ value, read: readPhone(value.split(' ::: ')[0]!) }));
  const share = (of: (read: (typeof reads)[number]) => boolean): number =>
    values.length === 0 ? 0 : reads.filter(of).length / values.length;
  return {
    index,
    rank: phoneRank(header),
    elsewhere: isElsewhere(header),
    google: googlePhone(header) !== null,
    values,
    mobile: share(({ read }) => 'phone' in read),
    explicit: share(({ value, read }) => 'phone' in read && /^\W*(?:0|62|8\d{9,11}$)|\+/.test(value)),
    tries: share(
      ({ read }) => 'reason' in read && /^(?:PHONE_SHORTENED|SEVERAL_PHONES|PHONE_MASKED)$/.test(read.reason),
    ),
  };
}

function byRank(a: Column, b: Column): number {
  return b.rank - a.rank || a.index - b.index;
}

function isSame(a: Column, b: Column): boolean {
  const read = (value: string): string => JSON.stringify(readPhone(value));
  return a.values.length === b.values.length && a.values.every((value, at) => read(value) === read(b.values[at]!));
}
