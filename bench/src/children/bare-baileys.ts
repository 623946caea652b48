// Baileys as its README starts it: its own defaults, nothing around it.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import makeWASocket, {
  BufferJSON,
  proto,
  useMultiFileAuthState,
  WA_CERT_DETAILS,
  type AuthenticationState,
  type SignalDataTypeMap,
  type WASocket,
} from '@whiskeysockets/baileys';
import { serve } from './serve.ts';
import { usage } from './usage.ts';

/** Where credentials and keys live: as objects in memory, or as files the way `useMultiFileAuthState` does it. */
export type KeptIn = 'memory' | 'files';

interface Prepared {
  state: AuthenticationState;
  saveCreds: () => Promise<void>;
}

const silent = { level: 'silent', child: () => silent, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const sockets = new Map<string, WASocket>();
const linking = new Map<string, Promise<void>>();
const saves = new Set<Promise<void>>();
const loaded = new Map<string, Prepared>();
let url = '';
let directory = '';
let keptIn: KeptIn = 'files';
/** Baileys' default; gateways switch it off so that the phone goes on ringing. */
let isOnlineAtConnect = true;

const prepare = (name: string): Promise<Prepared> =>
  keptIn === 'files' ? useMultiFileAuthState(join(directory, name)) : inMemory(join(directory, name));

/** Everything of one session read into objects; changes stay in memory. */
async function inMemory(folder: string): Promise<Prepared> {
  const entries = new Map<string, unknown>();
  for (const file of await readdir(folder)) {
    entries.set(file, JSON.parse(await readFile(join(folder, file), 'utf8'), BufferJSON.reviver));
  }
  const nameOf = (kind: string, id: string): string => `${kind}-${id}.json`.replaceAll('/', '__').replaceAll(':', '-');
  const state = {
    creds: entries.get('creds.json'),
    keys: {
      get: (kind: keyof SignalDataTypeMap, ids: string[]) =>
        Object.fromEntries(
          ids.flatMap((id) =>
            entries.has(nameOf(kind, id)) ? [[id, alive(kind, entries.get(nameOf(kind, id)))]] : [],
          ),
        ),
      set: (data: Record<string, Record<string, unknown>>) => {
        for (const [kind, values] of Object.entries(data)) {
          for (const [id, value] of Object.entries(values)) {
            if (value === null) entries.delete(nameOf(kind, id));
            else entries.set(nameOf(kind, id), value);
          }
        }
      },
    },
  } as unknown as AuthenticationState;
  return { state, saveCreds: async () => undefined };
}

const alive = (kind: string, value: unknown): unknown =>
  kind === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value as object) : value;

function socketFor({ state, saveCreds }: Prepared): WASocket {
  const socket = makeWASocket({
    auth: state,
    waWebSocketUrl: url,
    logger: silent,
    markOnlineOnConnect: isOnlineAtConnect,
  });
  socket.ev.on('creds.update', () => {
    const saving = saveCreds().finally(() => saves.delete(saving));
    saves.add(saving);
  });
  return socket;
}

/** Resolves at `open`; what ends before is opened again, as after pairing. */
function untilOpen(name: string, prepared: Prepared, onQr?: (qr: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const open = (): void => {
      const socket = socketFor(prepared);
      sockets.set(name, socket);
      socket.ev.on('connection.update', ({ qr, connection }) => {
        if (qr) onQr?.(qr);
        if (connection === 'open') resolve();
        if (connection === 'close' && sockets.get(name) === socket) open();
      });
    };
    open();
  });
}

async function sendAll(socket: WASocket, recipients: readonly string[], text: string): Promise<void> {
  let acknowledged = 0;
  const all = new Promise<void>((resolve) => {
    socket.ws.on('CB:ack,class:message', function count() {
      acknowledged++;
      if (acknowledged < recipients.length) return;
      socket.ws.off('CB:ack,class:message', count);
      resolve();
    });
  });
  for (const number of recipients) await socket.sendMessage(`${number}@s.whatsapp.net`, { text });
  await all;
}

const methods = {
  ...usage,
  async start(
    service: { url: string; rootKey: string },
    statesIn: string,
    kept: KeptIn,
    onlineAtConnect = true,
  ): Promise<void> {
    isOnlineAtConnect = onlineAtConnect;
    ({ url } = service);
    directory = statesIn;
    keptIn = kept;
    WA_CERT_DETAILS.PUBLIC_KEY.set(Buffer.from(service.rootKey, 'hex'));
  },
  async firstQr(number: string): Promise<string> {
    await mkdir(join(directory, number), { recursive: true });
    const prepared = await prepare(number);
    return new Promise((resolve) => linking.set(number, untilOpen(number, prepared, resolve)));
  },
  async untilLinked(number: string): Promise<void> {
    await linking.get(number);
  },
  /** Reads the first `count` sessions' credentials, which for files means all keys stay where they are. */
  async load(count: number): Promise<void> {
    for (const name of (await readdir(directory)).sort().slice(0, count)) loaded.set(name, await prepare(name));
  },
  /** Logs all in, so many at a time. */
  async open(atOnce: number): Promise<void> {
    const waiting = [...loaded].values();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const [name, prepared] of waiting) await untilOpen(name, prepared);
      }),
    );
  },
  /**
   * Each session writes to its own recipients, one after the other as its README does; resolves when WhatsApp has
   * acknowledged every message.
   */
  async send(recipients: string[][], text: string): Promise<void> {
    const each = [...sockets].sort(([one], [other]) => one.localeCompare(other)).map(([, socket]) => socket);
    await Promise.all(
      each.slice(0, recipients.length).map((socket, index) => sendAll(socket, recipients[index]!, text)),
    );
  },
  async stop(): Promise<void> {
    const open = [...sockets.values()];
    sockets.clear();
    for (const socket of open) await socket.end(undefined);
    // A file half written is a session lost.
    await Promise.all(saves);
  },
};

export type BareMethods = typeof methods;

serve(methods);
