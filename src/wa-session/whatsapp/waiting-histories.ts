import { proto, type SignalKeyStore } from '@whiskeysockets/baileys';

type Notification = proto.Message.IHistorySyncNotification;

/** Where they are kept, among the account's tokens and sealed as they are. */
const KEY = '__waiting_histories';
/** Longer WhatsApp keeps no file for a companion that did not come for it. Milliseconds. */
const KEPT_MS = 14 * 24 * 3_600_000;

/** After so many connections on which no try worked, and a day at least, nobody will ever read it. */
const ROUNDS_BORNE = 5;
const BORNE_MS = 24 * 3_600_000;

/** By the id of the message each came in; `rounds` is how many connections have tried in vain. */
type Waiting = Record<string, { at: number; notification: string; rounds?: number }>;

/**
 * Histories that WhatsApp was told we have, and that are still to be read. It never sends them again, so each is kept
 * before it is acknowledged and until it was read, over connections and restarts.
 */
export class WaitingHistories {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    /** Without rc14's transactions: what is set is durable. */
    private readonly keys: SignalKeyStore,
    private readonly wallMs: () => number,
    /** Told of so many that are tried no more. */
    private readonly onGivenUp: (count: number) => void,
  ) {}

  /** Resolves once it is durable. */
  keep(id: string, notification: Notification): Promise<void> {
    const bytes = proto.Message.HistorySyncNotification.encode(notification).finish();
    const entry = { at: this.wallMs(), notification: Buffer.from(bytes).toString('base64') };
    return this.change((waiting) => ({ ...waiting, [id]: entry }));
  }

  forget(id: string): Promise<void> {
    return this.change(({ [id]: _, ...others }) => others);
  }

  /** One more connection could read none of these. */
  async failed(ids: readonly string[]): Promise<void> {
    const longAgo = this.wallMs() - BORNE_MS;
    let givenUp = 0;
    await this.change((waiting) => {
      const tried = Object.entries(waiting).map(
        ([id, one]) => [id, ids.includes(id) ? { ...one, rounds: (one.rounds ?? 0) + 1 } : one] as const,
      );
      const left = tried.filter(([, { at, rounds = 0 }]) => rounds < ROUNDS_BORNE || at > longAgo);
      givenUp = tried.length - left.length;
      return Object.fromEntries(left);
    });
    if (givenUp > 0) this.onGivenUp(givenUp);
  }

  /** What is left from before, oldest first. */
  async left(): Promise<[id: string, notification: Notification][]> {
    const waiting = await this.read();
    const fresh = this.fresh(waiting);
    // Nothing else may ever come that would take them along.
    if (Object.keys(fresh).length < Object.keys(waiting).length) await this.change((others) => others);
    return Object.entries(fresh)
      .sort(([, one], [, other]) => one.at - other.at)
      .map(([id, { notification }]) => [
        id,
        proto.Message.HistorySyncNotification.decode(Buffer.from(notification, 'base64')),
      ]);
  }

  private fresh(waiting: Waiting): Waiting {
    const oldest = this.wallMs() - KEPT_MS;
    return Object.fromEntries(Object.entries(waiting).filter(([, { at }]) => at >= oldest));
  }

  private change(how: (waiting: Waiting) => Waiting): Promise<void> {
    const changed = this.turn.then(async () => {
      const found = await this.read();
      const fresh = this.fresh(found);
      const waiting = how(fresh);
      const token = Buffer.from(JSON.stringify(waiting));
      await this.keys.set({ tctoken: { [KEY]: Object.keys(waiting).length > 0 ? { token } : null } });
      const over = Object.keys(found).length - Object.keys(fresh).length;
      if (over > 0) this.onGivenUp(over);
    });
    this.turn = changed.catch(() => undefined);
    return changed;
  }

  private async read(): Promise<Waiting> {
    const { [KEY]: entry } = await this.keys.get('tctoken', [KEY]);
    return entry ? (JSON.parse(Buffer.from(entry.token).toString()) as Waiting) : {};
  }
}
