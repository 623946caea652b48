/**
 * Who unlinked a companion: its phone, itself, WhatsApp soon after linking, or WhatsApp because its phone was away for
 * 14 days, because it was never available for 30, or because the account moved to a new phone.
 */
export type UnlinkCause = 'phone' | 'companion' | 'removed' | 'phone-away' | 'idle' | 'new-phone';

/** Facts the simulator tells its host about, as they happen. Times are milliseconds since the epoch. */
export interface SimulatorEvents {
  /**
   * A websocket was opened; nothing is known about it yet but its `query`, which is what the client's URL says behind
   * `?`: by it a host can tell its clients apart.
   */
  connection: { connection: number; query: string; at: number };
  /** A client without credentials is showing QR codes. */
  registering: { connection: number; at: number };
  /** A client asked to be linked to `number` by an 8-character code. */
  'code-requested': { connection: number; number: string; at: number };
  /** What the phone shows while a companion is linked by passkey, to be compared with what that shows. */
  'passkey-code': { number: string; code: string; at: number };
  /** A companion is linked: its signature was verified. It is now sent away with 515. */
  paired: { number: string; device: number; at: number };
  unlinked: { number: string; device: number; cause: UnlinkCause; at: number };
  /** `<success>` was sent. */
  login: { connection: number; number: string; device: number; at: number };
  /** The client is active: backlog and the end-of-offline mark were sent. */
  online: { connection: number; number: string; device: number; at: number };
  /** A login was answered with `<failure>`. `number` is what the client claimed; empty for a registration. */
  'login-refused': { connection: number; number: string; reason: string; at: number };
  /** A companion sent a `<presence>`; null where it had no type. `available` is what it counts as now. */
  presence: { number: string; device: number; type: string | null; available: boolean; at: number };
  /** A message came to a phone that was on: it rang, or kept quiet because a companion was available. */
  notified: { number: string; from: string; id: string; silenced: boolean; at: number };
  /** A companion handed in a message. `error` is the code of a negative ack. */
  message: { number: string; device: number; to: string; id: string; error?: string; at: number };
  /** A phone decrypted a message meant for it. */
  received: { number: string; from: string; id: string; text: string; at: number };
  /** A companion acknowledged a message, or asked for it again (`type` 'retry'). */
  receipt: { number: string; device: number; to: string; id: string; type: string; at: number };
  disconnected: { connection: number; number: string | null; device: number | null; at: number };
}

export type SimulatorEvent = keyof SimulatorEvents;
export type Listener<E extends SimulatorEvent> = (fact: SimulatorEvents[E]) => void;

/** A listener that throws is its owner's trouble: the error surfaces as uncaught, the service is not disturbed half-way. */
export class Events {
  private readonly listeners = new Map<SimulatorEvent, Set<Listener<never>>>();

  on<E extends SimulatorEvent>(event: E, listener: Listener<E>): () => void {
    const set = this.listeners.get(event) ?? new Set();
    set.add(listener);
    this.listeners.set(event, set);
    return () => void set.delete(listener);
  }

  emit<E extends SimulatorEvent>(event: E, fact: Omit<SimulatorEvents[E], 'at'>): void {
    const set = this.listeners.get(event);
    if (!set?.size) return;
    const complete = { ...fact, at: Date.now() } as SimulatorEvents[E];
    for (const listener of [...set] as Listener<E>[]) {
      try {
        listener(complete);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
