/** Nobody answered: the node is gone, did not get the question, or failed over it. It may have done what was asked. */
export class NoAnswer extends Error {
  constructor(verb: string) {
    super(`No node answered ${verb}`);
    this.name = 'NoAnswer';
  }
}

export type FactHandler = (payload: unknown, from: string) => void;
export type Answerer = (payload: unknown, from: string) => Promise<unknown>;

/**
 * What the nodes of one Koneksi say to each other. It carries word of changes, never a change itself: all of them are in
 * the database, so that a bus that is lost loses nothing but time. Whatever goes over it is sealed under the
 * key-encryption key, so that who lacks that can neither read nor pose as a node.
 *
 * Payloads are what JSON holds, up to a megabyte. What one node says arrives in its order, each word at most once.
 */
export abstract class ClusterBus {
  /** Whether other nodes may be there; what only they need is left out else. */
  abstract readonly reachesOthers: boolean;

  /** Tells every other node; nobody is waited for. */
  abstract publish(topic: string, payload?: unknown): void;

  /** What other nodes tell. Answers how to stop listening. */
  abstract subscribe(topic: string, handler: FactHandler): () => void;

  /**
   * Words of others may have been missed, since this node or one of them could not reach the bus, and no more will be for
   * now: whoever lives by them looks for itself.
   */
  abstract onGap(handler: () => void): () => void;

  /** @throws {NoAnswer} after `deadlineMs`, or earlier where it is known that none will come. */
  abstract ask(nodeId: string, verb: string, payload: unknown, deadlineMs: number): Promise<unknown>;

  /** Answers other nodes' questions by this verb. */
  abstract answering(verb: string, answerer: Answerer): void;

  /**
   * SQL for a statement's result that publishes this topic, without a payload, in the statement's own commit; `null`
   * where the bus is not the database's, and `publish` after the commit does the same.
   */
  abstract publishSql(topic: string): string | null;

  /** Questions to this incarnation of the node are heard from now on, beside those to its former ones. */
  abstract answerTo(nodeId: string): Promise<void>;

  abstract close(): Promise<void>;
}

/** One process: nobody else is there. */
export class NobodyElse extends ClusterBus {
  readonly reachesOthers = false;

  publish(): void {}

  subscribe(): () => void {
    return () => undefined;
  }

  onGap(): () => void {
    return () => undefined;
  }

  ask(_: string, verb: string): Promise<never> {
    return Promise.reject(new NoAnswer(verb));
  }

  answering(): void {}

  publishSql(): null {
    return null;
  }

  answerTo(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
