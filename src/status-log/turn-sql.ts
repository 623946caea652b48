/** Whether a change may count otherwise than the one before: what is connected may be told to stay away once it falls. */
export const turnSql = (change: string): string =>
  `(${change}.milestone OR ${change}.status = 'CONNECTED') AND ${change}.status IS NOT NULL`;
