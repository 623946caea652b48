type Look<Seen> = () => Promise<Seen>;

/**
 * Looks that many ask for at once. One that is under way may have missed what its asker has just done, so who comes
 * meanwhile shares the one after it.
 */
export class SharedLooks<Seen> {
  private readonly running = new Map<string, Promise<Seen>>();
  private readonly next = new Map<string, Promise<Seen>>();

  /** What is there as of after this call. @throws what the look throws, to all who share it */
  at(key: string, look: Look<Seen>): Promise<Seen> {
    const running = this.running.get(key);
    if (!running) return this.begin(key, look);
    const next = this.next.get(key) ?? this.after(running, key, look);
    this.next.set(key, next);
    return next;
  }

  private async after(running: Promise<Seen>, key: string, look: Look<Seen>): Promise<Seen> {
    await running.catch(() => undefined);
    this.next.delete(key);
    return this.begin(key, look);
  }

  private begin(key: string, look: Look<Seen>): Promise<Seen> {
    const seen = look().finally(() => this.running.delete(key));
    this.running.set(key, seen);
    return seen;
  }
}
