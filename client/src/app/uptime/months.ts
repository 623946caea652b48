const JAKARTA_MS = 7 * 3_600_000;

/** `2026-11`, `2026-10` and so on: the month of an instant in Jakarta and those before it. */
export function monthsBefore(now: number, count: number): string[] {
  const local = new Date(now + JAKARTA_MS);
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  );
}
