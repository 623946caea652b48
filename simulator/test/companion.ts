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

/** The credentials and keys of one companion, as an application would keep them. */
export interface Credentials {
  creds: AuthenticationCreds;
  keys: Map<string, unknown>;
}

export function freshCredentials(): Credentials {
  return { creds: initAuthCreds(), keys: new Map() };
}

const silent = { level: 'silent', child: () => silent, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** How the session ended, as Baileys shows it. */
export interface Close {
  code: number | undefined;
  message: string;
  data: unknown;
}

/** One unmodified Baileys socket, with its events kept so that a test can wait for what already happened. */
export class Companion {
  readonly socket: WASocket;
  readonly updates: BaileysEventMap['connection.update'][] = [];
  readonly upserts: { message: WAMessage; type: string }[] = [];
  readonly statuses: BaileysEventMap['messages.update'] = [];
  readonly qrs: string[] = [];
  private readonly watchers = new Set<() => void>();

  constructor(
    simulator: Simulator,
    readonly credentials: Credentials,
    config: Partial<UserFacingSocketConfig> = {},
  ) {
    WA_CERT_DETAILS.PUBLIC_KEY.set(Buffer.from(simulator.rootKey, 'hex'));
    const { creds, keys } = credentials;
    this.socket = makeWASocket({
      waWebSocketUrl: simulator.url,
      logger: silent as never,
      auth: {
        creds,
        keys: {
          get: <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
            const found: Record<string, SignalDataTypeMap[T]> = {};
            for (const id of ids) {
              const value = keys.get(`${type} ${id}`);
              if (value !== undefined) found[id] = structuredCloneBuffers(value) as SignalDataTypeMap[T];
            }
            return found;
          },
          set: (data: SignalDataSet) => {
            for (const [type, values] of Object.entries(data))
              for (const [id, value] of Object.entries(values ?? {})) {
                if (value === null || value === undefined) keys.delete(`${type} ${id}`);
                else keys.set(`${type} ${id}`, value);
              }
          },
        },
      },
      markOnlineOnConnect: false,
      ...config,
    });
    this.socket.ev.on('creds.update', (update) => Object.assign(creds, update));
    this.socket.ev.on('connection.update', (update) => {
      this.updates.push(update);
      if (update.qr) this.qrs.push(update.qr);
      this.notify();
    });
    this.socket.ev.on('messages.upsert', ({ messages, type }) => {
      for (const message of messages) this.upserts.push({ message, type });
      this.notify();
    });
    this.socket.ev.on('messages.update', (updates) => {
      this.statuses.push(...updates);
      this.notify();
    });
  }

  /** The texts that arrived, without protocol messages. */
  get texts(): string[] {
    return this.upserts.flatMap(({ message }) => message.message?.conversation ?? []);
  }

  /** Waits until `find` yields something; looked at after every event. */
  until<T>(find: () => T | undefined | false, what = String(find)): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined || found === false) return;
        this.watchers.delete(look);
        clearTimeout(limit);
        resolve(found);
      };
      const limit = setTimeout(() => {
        this.watchers.delete(look);
        reject(new Error(`waited in vain for ${what}; saw ${JSON.stringify(this.updates)}`));
      }, 15_000);
      this.watchers.add(look);
      look();
    });
  }

  qr(): Promise<string> {
    return this.until(() => this.qrs.at(-1), 'a QR');
  }

  /** Logged in, with Baileys' stalled event buffer cured. */
  async open(): Promise<this> {
    await this.until(() => this.updates.some(({ connection }) => connection === 'open'), 'open');
    return this;
  }

  /** Open, and past the first login's history, so that events come at once. */
  async live(): Promise<this> {
    await this.open();
    await this.until(() => this.updates.some(({ receivedPendingNotifications }) => receivedPendingNotifications), 'the end of the offline mail');
    await poll(() => (this.credentials.creds.accountSyncCounter ?? 0) > 0);
    this.socket.ev.buffer();
    this.socket.ev.flush();
    return this;
  }

  closed(): Promise<Close> {
    return this.until(() => {
      const update = this.updates.find(({ connection }) => connection === 'close');
      if (!update) return undefined;
      const error = update.lastDisconnect?.error as (Error & { output?: { statusCode?: number }; data?: unknown }) | undefined;
      return { code: error?.output?.statusCode, message: error?.message ?? '', data: error?.data };
    }, 'a close');
  }

  async stop(): Promise<void> {
    await this.socket.end(undefined);
  }

  private notify(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

/** For state no event tells of. */
export async function poll(holds: () => boolean | undefined): Promise<void> {
  const limit = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > limit) throw new Error(`waited in vain for ${String(holds)}`);
    await new Promise((resume) => setTimeout(resume, 5));
  }
}

/** Pairs a new companion to `number` by QR; resolves logged in and live. */
export async function pair(simulator: Simulator, number: string, config?: Partial<UserFacingSocketConfig>): Promise<Companion> {
  const credentials = freshCredentials();
  const registering = new Companion(simulator, credentials, config);
  await simulator.phone(number).scan(await registering.qr());
  await registering.closed();
  return new Companion(simulator, credentials, config).live();
}

function structuredCloneBuffers(value: unknown): unknown {
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(structuredCloneBuffers);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, structuredCloneBuffers(inner)]));
}
