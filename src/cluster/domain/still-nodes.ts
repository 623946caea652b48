/** Who does not beat any more, by the clock of whoever looks. Nobody's wall clock is compared with another's. */
export class StillNodes {
  private seen = new Map<string, { beats: string; since: number }>();

  constructor(private readonly ttlMs: number) {}

  /** Takes down what was read at this instant of the monotonic clock; answers whose beat stood still for too long. */
  note(rows: readonly { id: string; beats: string }[], now: number): string[] {
    const before = this.seen;
    this.seen = new Map(
      rows.map(({ id, beats }) => {
        const known = before.get(id);
        return [id, known?.beats === beats ? known : { beats, since: now }];
      }),
    );
    return rows.filter(({ id }) => now - this.seen.get(id)!.since > this.ttlMs).map(({ id }) => id);
  }

  /** Whoever was blind has seen nobody miss a beat: all are watched anew. */
  forget(): void {
    this.seen.clear();
  }
}
