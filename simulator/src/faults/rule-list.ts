interface Rule<T> {
  value: T;
  left: number;
}

/** Standing orders of one kind; the oldest that applies is used first. */
export class RuleList<T> {
  private rules: Rule<T>[] = [];

  /** `times` is how often it applies; without it, until cleared. */
  add(value: T, times = Number.POSITIVE_INFINITY): void {
    this.rules.push({ value, left: times });
  }

  /** The rule that applies now; using it counts. */
  take(applies: (value: T) => boolean = () => true): T | undefined {
    const rule = this.rules.find(({ value }) => applies(value));
    if (!rule) return undefined;
    rule.left--;
    if (rule.left <= 0) this.rules = this.rules.filter((other) => other !== rule);
    return rule.value;
  }

  clear(): void {
    this.rules = [];
  }

  describe(): { value: T; left: number | null }[] {
    return this.rules.map(({ value, left }) => ({ value, left: Number.isFinite(left) ? left : null }));
  }
}
