import type { HoldCode } from '@koneksi/contracts/blast-states';

/** WhatsApp's code for "this account may start no chats now"; asking again makes it worse. */
export const RESTRICTED_CODE = '463';
/** The same code where the contact alone is the cause: it counts as any refusal, not as two in a row. */
export const NO_TOKEN_CODE = '463 without a token';
const MAX_RESTRICTED_IN_A_ROW = 2;
/** Of the latest attempts, how many may be refused. */
const WINDOW = 100;
const MAX_REFUSED_SHARE = 0.03;
/** One refusal of a handful proves nothing. */
const MIN_REFUSED = 3;

/** The latest answers of WhatsApp to one outlet, oldest first; `null` is an acknowledgement, else the code. */
export type Answers = readonly (string | null)[];

export function withAnswer(answers: Answers, code: string | null): Answers {
  return [...answers.slice(-(WINDOW - 1)), code];
}

/** Whether the outlet must stop until a person has looked. */
export function stopAfter(answers: Answers): Extract<HoldCode, 'STOPPED_RESTRICTED' | 'STOPPED_REFUSALS'> | null {
  const latest = answers.slice(-MAX_RESTRICTED_IN_A_ROW);
  if (latest.length === MAX_RESTRICTED_IN_A_ROW && latest.every((code) => code === RESTRICTED_CODE))
    return 'STOPPED_RESTRICTED';
  const refused = answers.filter((code) => code !== null).length;
  return refused >= MIN_REFUSED && refused > answers.length * MAX_REFUSED_SHARE ? 'STOPPED_REFUSALS' : null;
}
