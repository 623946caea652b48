/** Whoever got these blasts, or may still; `x` is their recipient. */
export const MET = `x.status IN ('queued', 'sending', 'sent', 'delivered', 'read', 'unknown')`;

/** Of those met, each person once, and how many of them nothing was sent to so far. */
export const COUNT_MET = `count(DISTINCT x.number)::int AS people,
  (count(DISTINCT x.number) - count(DISTINCT x.number) FILTER (WHERE x.status NOT IN ('queued', 'sending')))::int AS waiting`;

export interface PeopleMet {
  people: number;
  waiting: number;
}
