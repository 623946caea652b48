const LINE_FEED = 10;
const HAND_ON_BYTES = 65_536;

/** Bytes read line by line; a line keeps its line feed. */
export class Lines {
  private readonly source: AsyncIterator<Buffer>;
  private held = Buffer.alloc(0);
  private at = 0;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  /** `null` at the end. */
  async next(): Promise<Buffer | null> {
    for (let from = this.at; ;) {
      const end = this.held.indexOf(LINE_FEED, from);
      if (end >= 0) {
        const line = this.held.subarray(this.at, end + 1);
        this.at = end + 1;
        return line;
      }
      const more = await this.source.next();
      if (more.done) return null;
      const rest = this.held.subarray(this.at);
      from = rest.length;
      this.held = Buffer.concat([rest, more.value]);
      this.at = 0;
    }
  }

  /** The lines before this one, many at a time. */
  async *until(last: string): AsyncGenerator<Buffer> {
    let some: Buffer[] = [];
    let bytes = 0;
    for (let line = await this.next(); line && line.toString('latin1') !== last; line = await this.next()) {
      some.push(line);
      bytes += line.length;
      if (bytes < HAND_ON_BYTES) continue;
      yield Buffer.concat(some);
      some = [];
      bytes = 0;
    }
    if (some.length > 0) yield Buffer.concat(some);
  }
}
