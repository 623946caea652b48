import { Buffer } from 'node:buffer';
import {
  type AuthenticationCreds,
  type BaileysEventMap,
  initAuthCreds,
  makeWASocket,
  type SignalDataSet,
  type SignalDataTypeMap,
  type UserFacingSocketConfig,
  type WAMessage,
  WA_CERT_DETAILS,
  type WASocket,
} from '@whiskeysockets/baileys';
import type { Simulator } from '../src/simulator.js';

// Baileys leaves timers of 30 s (key upload) and 60 s (queries) behind; they must not keep the test process.
const { setTimeout: startTimer } = globalThis;
globalThis.setTimeout = Object.assign((...args: Parameters<typeof startTimer>) => {
  const timer = startTimer(...args);
  if ((args[1] ?? 0) >= 20_000) timer.unref();
  return timer;
}, startTimer);

/** The credentials and keys of one companion, as an application would keep them. */
export interface Credentials {
  creds: AuthenticationCreds;
  keys: Map<string, unknown>;
}

export function freshCredentials(): Credentials {
  return { creds: initAuthCreds(), keys: new Map() };
}

const ignore = (): void => undefined;
export const silent = {
  level: 'silent',
  child: () => silent,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
};

/** How the session ended, as Baileys shows it. */
export interface Close {
  code: number | undefined;
  message: string;
  data: unknown;
}

const PATIENCE_MS = 60_000;

/** One unmodified Baileys socket, with its events kept so that a test can wait for what already happened. */
export class Companion {
  readonly socket: WASocket;
  readonly updates: Partial<BaileysEventMap['connection.update']>[] = [];
  readonly upserts: { message: WAMessage; type: string }[] = [];
  readonly statuses: BaileysEventMap['messages.update'] = [];
  readonly acks: Record<string, string>[] = [];
  /** Off the wire: of several in one moment rc14 tells the last, though a delivery may be among the first. */
  readonly receipts: Record<string, string>[] = [];
  readonly qrs: string[] = [];
  private readonly watchers = new Set<() => void>();
  private isLive = false;

  constructor(
    simulator: Simulator,
    readonly credentials: Credentials,
    config: Partial<UserFacingSocketConfig> = {},
  ) {
    WA_CERT_DETAILS.PUBLIC_KEY.set(Buffer.from(simulator.rootKey, 'hex'));
    this.socket = makeWASocket({
      waWebSocketUrl: simulator.url,
      logger: silent,
      auth: { creds: credentials.creds, keys: keyStore(credentials.keys) },
      markOnlineOnConnect: false,
      ...config,
    });
    // A refused upgrade leaves rc14 connecting for ever; applications end it themselves.
    this.socket.ws.on('unexpected-response', (_request: unknown, response: { statusCode?: number }) => {
      void this.socket.end(Object.assign(new Error('refused'), { output: { statusCode: response.statusCode } }));
    });
    this.socket.ws.on('CB:ack,class:message', ({ attrs }: { attrs: Record<string, string> }) => {
      this.acks.push(attrs);
      this.notify();
    });
    this.socket.ws.on('CB:receipt', ({ attrs }: { attrs: Record<string, string> }) => {
      this.receipts.push(attrs);
      this.notify();
    });
    const { ev } = this.socket;
    ev.on('creds.update', (update) => {
      Object.assign(credentials.creds, update);
      this.notify();
    });
    ev.on('connection.update', (update) => {
      this.updates.push(update);
      if (update.qr) this.qrs.push(update.qr);
      this.notify();
    });
    ev.on('messages.upsert', ({ messages, type }) => {
      for (const message of messages) this.upserts.push({ message, type });
      this.notify();
    });
    ev.on('messages.update', (updates) => {
      this.statuses.push(...updates);
      this.notify();
    });
  }

  /** The texts that arrived or were sent, in order, without protocol messages. */
  get texts(): string[] {
    return this.upserts.flatMap(
      ({ message }) => message.message?.conversation || message.message?.extendedTextMessage?.text || [],
    );
  }

  /** Waits until `find` yields something; looked at after every event. */
  until<T>(find: () => T | undefined | false, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = () => {
        this.watchers.delete(look);
        clearTimeout(limit);
        clearInterval(cure);
      };
      const look = () => {
        const found = find();
        if (found === undefined || found === false) return;
        done();
        resolve(found);
      };
      const limit = setTimeout(() => {
        done();
        reject(new Error(`waited in vain for ${what}; saw ${JSON.stringify(this.updates)}`));
      }, PATIENCE_MS);
      // Once live, nothing may wait in rc14's buffer, which can stall after a first login.
      const cure = setInterval(() => this.isLive && this.flush(), 20);
      this.watchers.add(look);
      look();
    });
  }

  qr(): Promise<string> {
    return this.until(() => this.qrs.at(-1), 'a QR');
  }

  async open(): Promise<this> {
    await this.until(() => this.updates.some(({ connection }) => connection === 'open'), 'open');
    return this;
  }

  /** Open, past the first login's history, and with Baileys' event buffer flushed: from here on events come at once. */
  async live(): Promise<this> {
    await this.open();
    await this.until(
      () => this.updates.some(({ receivedPendingNotifications }) => receivedPendingNotifications),
      'the end of the offline mail',
    );
    await this.until(() => (this.credentials.creds.accountSyncCounter ?? 0) > 0, 'the history');
    this.isLive = true;
    this.flush();
    return this;
  }

  private flush(): void {
    this.socket.ev.buffer();
    this.socket.ev.flush();
  }

  async send(jid: string, text: string): Promise<string> {
    const message = await this.socket.sendMessage(jid, { text });
    return message?.key.id ?? '';
  }

  /** Waits for a status at least this high: 2 server, 3 delivered, 4 read. */
  status(id: string, wanted: number): Promise<unknown> {
    return this.until(() => {
      const updated = this.statuses.some(({ key, update }) => key.id === id && (update.status ?? -1) >= wanted);
      const receipted = this.receipts.some((receipt) => receipt.id === id && statusOf(receipt) >= wanted);
      return (
        updated ||
        receipted ||
        this.upserts.some(({ message }) => message.key.id === id && (message.status ?? -1) >= wanted)
      );
    }, `status ${wanted} of ${id}`);
  }

  /** The stub parameters of a message that was refused. */
  refusal(id: string): Promise<unknown> {
    return this.until(() => {
      const update = this.statuses.find(({ key, update: { status } }) => key.id === id && status === 0)?.update;
      const merged = this.upserts.find(({ message }) => message.key.id === id && message.status === 0)?.message;
      return (update ?? merged)?.messageStubParameters ?? undefined;
    }, `a refusal of ${id}`);
  }

  closed(): Promise<Close> {
    return this.until(() => {
      const update = this.updates.find(({ connection }) => connection === 'close');
      if (!update) return undefined;
      const error = update.lastDisconnect?.error as
        (Error & { output?: { statusCode?: number }; data?: unknown }) | undefined;
      return { code: error?.output?.statusCode, message: error?.message ?? '', data: error?.data };
    }, 'a close');
  }

  async stop(): Promise<void> {
    // end() waits for a close handshake, which a frozen server never makes
    (this.socket.ws as unknown as { socket: { terminate(): void } | null }).socket?.terminate();
    await this.socket.end(undefined);
  }

  private notify(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

/** What a recipient's receipt says; with `recipient` it is our own phone's, and says nothing of them. */
function statusOf({ type, recipient }: Record<string, string>): number {
  if (recipient !== undefined) return -1;
  return type === undefined ? 3 : type === 'read' ? 4 : -1;
}

/** Companions of one test file, stopped together. */
export class Companions {
  private readonly started: Companion[] = [];

  start(simulator: Simulator, credentials: Credentials, config?: Partial<UserFacingSocketConfig>): Companion {
    const companion = new Companion(simulator, credentials, config);
    this.started.push(companion);
    return companion;
  }

  /** Pairs a new companion by QR; resolves logged in and live. */
  async pair(simulator: Simulator, number: string, config?: Partial<UserFacingSocketConfig>): Promise<Companion> {
    const credentials = freshCredentials();
    const registering = this.start(simulator, credentials, config);
    await simulator.phone(number).scan(await registering.qr());
    await registering.closed();
    return this.start(simulator, credentials, config).live();
  }

  async stop(): Promise<void> {
    await Promise.all(this.started.splice(0).map((companion) => companion.stop()));
  }
}

/** For state no event tells of. */
export async function poll<T>(look: () => T | undefined | false, what: string): Promise<T> {
  const limit = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > limit) throw new Error(`waited in vain for ${what}`);
    await new Promise((resume) => setTimeout(resume, 5));
  }
}

export function keyStore(keys: Map<string, unknown>) {
  return {
    get: <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
      const found: Record<string, SignalDataTypeMap[T]> = {};
      for (const id of ids) {
        const value = keys.get(`${type} ${id}`);
        if (value !== undefined) found[id] = copied(value) as SignalDataTypeMap[T];
      }
      return found;
    },
    set: (data: SignalDataSet) => {
      for (const [type, values] of Object.entries(data))
        for (const [id, value] of Object.entries(values ?? {})) {
          if (value === null || value === undefined) keys.delete(`${type} ${id}`);
          else keys.set(`${type} ${id}`, copied(value));
        }
    },
  };
}

/** Objects fresh, bytes shared: Baileys changes the former in place. */
function copied(value: unknown): unknown {
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner)]));
}
