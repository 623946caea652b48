/** What a wire tells of. */
export interface WireListener {
  /** A text that some node sent, perhaps this one. */
  heard(frame: string): void;
  /** It carries again, after a time in which texts were lost. */
  back(): void;
}

/** Carries texts between nodes, each at most once and in the order of who sent them; the bus gives them a meaning. */
export interface Wire {
  /** The longest text it takes. Bytes. */
  readonly longest: number;
  /** Begins to carry, now or as soon as it can; it says `back` for each time it could not in between. */
  open(nodeId: string, listener: WireListener): Promise<void>;
  /** Listens to what is sent to this id as well. */
  alsoAs(nodeId: string): Promise<void>;
  /** To one node, or to all by `ALL`. Rejects where they are lost for sure. */
  send(to: string, frames: readonly string[]): Promise<void>;
  /** SQL that sends this text to all in the commit of its statement; `null` where the database is not the wire. */
  sendSql(text: string): string | null;
  close(): Promise<void>;
}
