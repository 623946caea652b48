import type { Logger } from '@nestjs/common';
import { DEFAULT_CONNECTION_CONFIG, type WASocket } from '@whiskeysockets/baileys';
import { EventEmitter } from 'node:events';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import { freshCredentials, keyStore, type Credentials } from '../../simulator/test/companion.js';
import { Clock } from '../../src/common/clock.js';
import type { ConnectionEvent } from '../../src/wa-session/domain/session-event.js';
import {
  BaileysConnection,
  trustRoot,
  type ConnectionOptions,
} from '../../src/wa-session/whatsapp/baileys-connection.js';
import type { WaVersion } from '../../src/wa-session/whatsapp/wa-version.js';
import { patiently } from './eventually.js';

type Told<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>;

const nothing = (): void => undefined;
const settled = (): Promise<void> => Promise.resolve();

/** Baileys with all patches, on the simulated WhatsApp, beside which a bare one is looked at. Without database. */
export class PatchedLink {
  readonly events: ConnectionEvent[] = [];
  readonly texts: string[] = [];
  readonly connection: BaileysConnection;
  private readonly heard = new EventEmitter();

  constructor(simulator: Simulator, credentials: Credentials, options: Partial<ConnectionOptions> = {}) {
    trustRoot(Buffer.from(simulator.rootKey, 'hex'));
    this.connection = new BaileysConnection({
      outletId: 'conformance',
      number: 1,
      auth: { id: 'link', creds: credentials.creds, keys: keyStore(credentials.keys), saveCreds: settled },
      webSocketUrl: simulator.url,
      keepAliveMs: 30_000,
      version: { current: DEFAULT_CONNECTION_CONFIG.version } as WaVersion,
      groups: false,
      setAside: new Set(),
      clock: new Clock(),
      logger: { debug: nothing, error: nothing } as unknown as Logger,
      emit: (event) => {
        this.events.push(event);
        this.heard.emit('event');
      },
      onGreeted: nothing,
      onText: async ({ text }) => void this.texts.push(text),
      findNumber: () => Promise.resolve(null),
      onLearned: settled,
      onLateAnswer: nothing,
      onReceipt: settled,
      onHistoriesGivenUp: nothing,
      findSent: () => Promise.resolve(null),
      ...options,
    });
  }

  /** Linked by scanning a QR, and open. */
  static async open(simulator: Simulator, number: string, options?: Partial<ConnectionOptions>): Promise<PatchedLink> {
    const credentials = freshCredentials();
    const registering = new PatchedLink(simulator, credentials, options);
    await simulator.phone(number).scan((await registering.until('qr')).text);
    await registering.until('closed');
    await registering.connection.close();
    const link = new PatchedLink(simulator, credentials, options);
    await link.until('opened');
    return link;
  }

  /** The Baileys socket within. */
  get socket(): WASocket {
    return (this.connection as unknown as { socket: WASocket }).socket;
  }

  /** The first event of this type, which may have come already. */
  until<T extends ConnectionEvent['type']>(type: T): Promise<Told<T>> {
    const find = (): Told<T> | undefined => this.events.find((event): event is Told<T> => event.type === type);
    const told = new Promise<Told<T>>((resolve) => {
      const look = (): void => {
        const event = find();
        if (event) resolve(event);
      };
      this.heard.on('event', look);
      look();
    });
    return patiently(told, () => `no ${type}; told were ${this.events.map((event) => event.type).join(', ')}`);
  }
}

/** Resolves when WhatsApp answers a ping: whatever it was sent before, it has seen. */
export async function pinged({ query }: WASocket): Promise<void> {
  await query({ tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' }, content: [] });
}
