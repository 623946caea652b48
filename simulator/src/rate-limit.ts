/** So many times within a span of time for each key, and no more. */
export class RateLimit {
  private readonly uses = new Map<string, number[]>();

  constructor(
    private readonly most: number,
    private readonly withinMs: number,
    private readonly now: () => number,
  ) {}

  /** Whether one more is allowed now; if so, it counts. */
  take(key: string): boolean {
    const now = this.now();
    const recent = (this.uses.get(key) ?? []).filter((at) => at > now - this.withinMs);
    const allowed = recent.length < this.most;
    if (allowed) recent.push(now);
    this.uses.set(key, recent);
    return allowed;
  }
}
