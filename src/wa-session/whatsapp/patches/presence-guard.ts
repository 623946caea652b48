import type {
  AuthenticationCreds,
  BaileysEventEmitter,
  BaileysEventMap,
  SocketConfig,
  WASocket,
} from '@whiskeysockets/baileys';

type Log = SocketConfig['logger'];

/** What rc14 shows of a stanza that it is about to encrypt. */
interface Shown {
  msg?: unknown;
  xml?: unknown;
}

/**
 * Lets no presence leave that is not ours, wherever in rc14 it comes from. rc14 shows its log each stanza right before it
 * is encrypted, and asks then whether the socket is open (`sendNode`, `sendRawMessage`): it is not for this one. Afterwards
 * it could not be taken back, for the counter of frames has moved on. Nothing that is shown is written down.
 */
export class PresenceAtFrame {
  private isOurs = false;
  private isRefused = false;

  /** What rc14 is to take for its log. */
  watching(log: Log): Log {
    return { ...log, level: 'trace', child: () => log, trace: (shown) => this.look(shown as Shown) };
  }

  /** Whoever sends what is refused is told that the connection is closed. */
  install(ws: WASocket['ws']): void {
    const itself = Object.getPrototypeOf(ws) as object;
    Object.defineProperty(ws, 'isOpen', { get: () => !this.isRefused && Reflect.get(itself, 'isOpen', ws) === true });
  }

  /** Sends one of ours. */
  say(send: () => Promise<void>): Promise<void> {
    this.isOurs = true;
    try {
      return send();
    } finally {
      this.isOurs = false;
    }
  }

  private look({ msg, xml }: Shown): void {
    if (this.isOurs || msg !== 'xml send' || typeof xml !== 'string' || !xml.startsWith('<presence ')) return;
    this.isRefused = true;
    // The question comes in the same turn.
    queueMicrotask(() => (this.isRefused = false));
  }
}

/**
 * Keeps rc14 from trying to say anything of the account's presence; what there is to say we say. At every `creds.update`
 * whose name differs from the stored one, thus also at each that has no `me` at all, it sends a `<presence>` without a
 * type. WhatsApp takes that for available, and the shop's phone rings no more (WhiskeySockets/Baileys#893, #2553, #2740).
 * And after a login it says `unavailable` only where it knows a name.
 *
 * At its frame it would be refused, and said to be an error; so what makes rc14 write one is kept from it. Install right
 * after the socket was made.
 */
export function guardPresence(ev: BaileysEventEmitter, creds: AuthenticationCreds): void {
  const emit = ev.emit.bind(ev);
  let withName: AuthenticationCreds['me'];
  const restoreName = (): void => {
    if (withName) creds.me = withName;
    withName = undefined;
  };
  ev.emit = (event, data) => {
    if (event === 'creds.update') return emit(event, withoutNews(data as Partial<AuthenticationCreds>, creds) as never);
    const isOpen =
      event === 'connection.update' && (data as BaileysEventMap['connection.update']).connection === 'open';
    if (!isOpen) return emit(event, data);
    // Nameless it says nothing at open. Its listeners come first, then ours; those after ours see the name again.
    withName = creds.me;
    if (creds.me) creds.me = { ...creds.me, name: undefined };
    try {
      return emit(event, data);
    } finally {
      restoreName();
    }
  };
  ev.on('connection.update', restoreName);
}

/** The same update, in which the name is never another than the one that is stored. */
function withoutNews(update: Partial<AuthenticationCreds>, creds: AuthenticationCreds): Partial<AuthenticationCreds> {
  if (update.me) creds.me = update.me;
  return creds.me ? { ...update, me: creds.me } : update;
}
