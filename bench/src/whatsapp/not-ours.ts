/** What companions said of their presence, and what of it the product says by itself. */
export interface Said {
  /** By type; the key of none is `null`. */
  said: Record<string, number>;
  logins: number;
  /** How often a link was shown as used for a moment, which it is once a night. */
  pulses: number;
}

/** Presences that are not ours, by what they say. Ours are one `unavailable` after each login, and of each pulse both. */
export function notOurs({
  said,
  logins,
  pulses,
}: Said): Record<'typeless' | 'available' | 'unavailable' | 'unknown', number> {
  const { null: typeless = 0, available = 0, unavailable = 0, ...others } = said;
  return {
    typeless,
    available: Math.max(0, available - pulses),
    unavailable: Math.max(0, unavailable - pulses - logins),
    unknown: Object.values(others).reduce((sum, count) => sum + count, 0),
  };
}
