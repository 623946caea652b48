/** Who holds a lock, so that a person can find and end it. */
export interface Holder {
  host: string;
  pid: number;
  /** ISO 8601. */
  since: string;
}

/** To follow a noun: ` (process 4711 on shop-1, since 2026-11-27T08:00:00.000Z)`. */
export const describeHolder = ({ host, pid, since }: Holder): string => ` (process ${pid} on ${host}, since ${since})`;
