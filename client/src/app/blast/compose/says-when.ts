/** What a message says of its own day. */
export type SaysWhen = 'today' | 'tomorrow';

const TODAY = [
  'hari ini',
  'malam ini',
  'siang ini',
  'sore ini',
  'pagi ini',
  'nanti malam',
  'nanti sore',
  'nanti siang',
  'today',
  'tonight',
  'this evening',
  'this morning',
  'this afternoon',
];
const TOMORROW = ['besok', 'esok hari', 'tomorrow'];

/** Whether a message is good for a day alone, and in which words it says so; `null` where it says nothing of it. */
export function saysWhen(message: string): { when: SaysWhen; words: string } | null {
  const plain = ` ${message
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
  const said = (all: readonly string[]): string | undefined => all.find((words) => plain.includes(` ${words} `));
  const today = said(TODAY);
  if (today) return { when: 'today', words: today };
  const tomorrow = said(TOMORROW);
  return tomorrow ? { when: 'tomorrow', words: tomorrow } : null;
}

/** Whether it would still be going out when what it says is over. Instants in milliseconds; the offset in minutes. */
export function isOverBefore(when: SaysWhen, startsAt: number, finishesAt: number, offsetMinutes: number): boolean {
  const dayOf = (at: number): number => Math.floor((at + offsetMinutes * 60_000) / 86_400_000);
  return dayOf(finishesAt) - dayOf(startsAt) > (when === 'today' ? 0 : 1);
}
