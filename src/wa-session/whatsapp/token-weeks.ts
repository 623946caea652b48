import type { SignalDataTypeMap } from '@whiskeysockets/baileys';

type Entry = SignalDataTypeMap['tctoken'];

/** Tokens are counted by weeks (rc14 `Utils/tc-token-utils.js`): this week's and the three before are good. */
const WEEK_S = 604_800;
const GOOD_WEEKS = 4;

export const seconds = (value: unknown): number => Number(value ?? 0) || 0;
export const weekOf = (at: number): number => Math.floor(at / WEEK_S);

/** Whether a message may carry it. @param nowMs by the clock that counts weeks */
export function isGoodToken(entry: Entry | undefined, nowMs: number): entry is Entry {
  if (!entry?.token.length) return false;
  return weekOf(seconds(entry.timestamp)) > weekOf(nowMs / 1_000) - GOOD_WEEKS;
}
