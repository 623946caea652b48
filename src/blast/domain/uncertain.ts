/** When an outlet's connection opened. */
interface Opening {
  /** As the row says: by the wall as it was then. Milliseconds since the epoch. */
  connectedAt: number;
  /** By the monotonic clock. */
  openedAt: number;
}

/**
 * Before which instant a message must have left to be an earlier connection's. The wall may have been set since: back,
 * and what leaves now seems older than the connection; ahead, and the connection seems younger than what it sent.
 */
export function earlierConnection({ connectedAt, openedAt }: Opening, now: number, wall: number): number {
  return Math.min(connectedAt, wall - (now - openedAt));
}
