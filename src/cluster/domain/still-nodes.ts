/** Who does not beat any more, by the clock of whoever looks. Nobody's wall clock is compared with another's. */
export class StillNodes {
  private seen = new Map<string, { beats: string; since: number; hasMoved: boolean }>();

  constructor(private readonly ttlMs: number) {}

  /** Takes down what was read at this instant of the monotonic clock; answers whose beat stood still for too long. */
  note(rows: readonly { id: string; beats: string }[], now: number): string[] {
    const before = this.seen;
    this.seen = new Map(
      rows.map(({ id, beats }) => {
        const known = before.get(id);
        return [id, known && known.beats === beats ? known : { beats, since: now, hasMoved: known !== undefined }];
      }),
    );
    return rows.filter(({ id }) => now - this.seen.get(id)!.since > this.ttlMs).map(({ id }) => id);
  }

  /** How long its beat has stood still, and whether it was ever seen to move. Milliseconds. */
  of({ id, beats }: { id: string; beats: string }, now: number): { stillMs: number; hasMoved: boolean } {
    const known = this.seen.get(id);
    if (!known) return { stillMs: 0, hasMoved: false };
    if (known.beats !== beats) return { stillMs: 0, hasMoved: true };
    return { stillMs: now - known.since, hasMoved: known.hasMoved };
  }

  /** Whoever was blind has seen nobody miss a beat: all are watched anew. */
  forget(): void {
    this.seen.clear();
  }
}
