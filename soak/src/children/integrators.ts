// Three copies of the statuses, each kept as docs/integrate.md says: by the package, by hand over Socket.IO, by REST alone.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { OutletStatus, OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import type {
  ClientToServerEvents,
  ResumeAnswer,
  ServerToClientEvents,
  StatusChange,
  StatusRemoval,
  StatusSnapshot,
} from '@koneksi/contracts/realtime';
import { io, type Socket } from 'socket.io-client';
import { serve } from '../../../bench/src/children/serve.ts';
import { Koneksi } from '../../../packages/client/src/koneksi.ts';

export interface Integration {
  /** Where the product is reached, over a network that breaks. */
  url: string;
  key: string;
  /** What survives a kill. */
  directory: string;
}

export const COPIES = ['package', 'by hand', 'rest'] as const;
export type CopyName = (typeof COPIES)[number];

const ASK_EVERY_MS = 500;
const RETRY_MS = 500;
const ANSWER_WITHIN_MS = 5_000;

/** Rows and cursor in one file, which is the old one or the new one whenever this process dies. */
class Copy {
  readonly rows = new Map<string, OutletStatus>();
  cursor: string | number | null = null;
  private readonly path: string;
  /** A line for each cursor whose change was handled, and `all` before that of a snapshot. */
  private readonly log: string;

  constructor(directory: string, name: CopyName) {
    this.path = join(directory, `${name}.json`);
    this.log = join(directory, `${name}.log`);
    try {
      const kept = JSON.parse(readFileSync(this.path, 'utf8')) as { cursor: string | number; rows: OutletStatus[] };
      this.cursor = kept.cursor;
      this.replace(kept.rows);
    } catch {
      // The first time there is none.
    }
  }

  replace(rows: readonly OutletStatus[]): void {
    this.rows.clear();
    for (const row of rows) this.rows.set(row.outletId, row);
  }

  handle(event: StatusChange | StatusRemoval): void {
    if ('status' in event) this.put(event.status);
    else this.rows.delete(event.outletId);
    appendFileSync(this.log, `${event.cursor}\n`);
  }

  adopt({ cursor, statuses }: StatusSnapshot): void {
    this.replace(statuses);
    appendFileSync(this.log, `all ${cursor}\n`);
  }

  /** Cursors whose changes were handled since the last snapshot, and that of the snapshot. */
  handled(): { since: number; cursors: number[] } {
    const lines = readFileSync(this.log, 'utf8').trim().split('\n');
    const last = lines.findLastIndex((line) => line.startsWith('all '));
    return { since: Number(lines[last]!.slice(4)), cursors: lines.slice(last + 1).map(Number) };
  }

  put(row: OutletStatus): void {
    if (row.revision >= (this.rows.get(row.outletId)?.revision ?? 0)) this.rows.set(row.outletId, row);
  }

  keep(cursor: string | number | null = this.cursor): void {
    this.cursor = cursor;
    writeFileSync(`${this.path}.new`, JSON.stringify({ cursor, rows: [...this.rows.values()] }));
    renameSync(`${this.path}.new`, this.path);
  }
}

function byPackage({ url, key, directory }: Integration): Copy {
  const copy = new Copy(directory, 'package');
  new Koneksi({
    url,
    token: key,
    locale: 'en',
    cursor: { load: () => copy.cursor as number | null, save: (cursor) => copy.keep(cursor) },
    onChange: (change) => copy.handle(change),
    onRemoved: (removal) => copy.handle(removal),
    onSnapshot: (snapshot) => copy.adopt(snapshot),
  });
  return copy;
}

type TypedSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

function byHand({ url, key, directory }: Integration): Copy {
  const copy = new Copy(directory, 'by hand');
  const socket: TypedSocket = io(url, { auth: { token: key, locale: 'en' }, transports: ['websocket'] });
  /** What came before `resume` was answered; `null` once it was. */
  let held: (StatusChange | StatusRemoval)[] | null = [];
  const apply = (event: StatusChange | StatusRemoval): void => {
    copy.handle(event);
    copy.keep(Math.max(event.cursor, Number(copy.cursor)));
  };
  const goOn = (): void => {
    for (const event of held ?? []) apply(event);
    held = null;
  };
  const hear = (event: StatusChange | StatusRemoval): void => {
    if (held) held.push(event);
    else apply(event);
  };
  const resume = async (): Promise<void> => {
    const connection = socket.id;
    while (socket.connected && socket.id === connection) {
      const answer = (await socket
        .timeout(ANSWER_WITHIN_MS)
        .emitWithAck('outlet-status:resume', { cursor: Number(copy.cursor) })
        .catch(() => null)) as ResumeAnswer | null;
      if (socket.id !== connection) return;
      if (answer?.success) {
        if ('snapshot' in answer) copy.adopt(answer.snapshot);
        else for (const event of answer.changes) apply(event);
        copy.keep(answer.cursor);
        return goOn();
      }
      await pause(RETRY_MS);
    }
  };
  socket.on('connect', () => {
    held = [];
    if (copy.cursor !== null) void resume();
  });
  socket.on('outlet-status:snapshot', (snapshot) => {
    if (copy.cursor !== null) return;
    copy.adopt(snapshot);
    copy.keep(snapshot.cursor);
    goOn();
  });
  socket.on('outlet-status:changed', hear);
  socket.on('outlet-status:removed', hear);
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), RETRY_MS);
  });
  socket.on('connect_error', () => {
    if (!socket.active) setTimeout(() => socket.connect(), RETRY_MS);
  });
  return copy;
}

function byRest({ url, key, directory }: Integration): Copy {
  const copy = new Copy(directory, 'rest');
  const ask = async (): Promise<void> => {
    const response = await fetch(`${url}/api/outlets/status?since=${copy.cursor ?? 0}`, {
      headers: { authorization: `Bearer ${key}`, 'accept-language': 'en' },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) return void (await response.arrayBuffer());
    const { statuses, removed = [], complete, cursor } = (await response.json()) as OutletStatusDocument;
    if (complete) copy.replace(statuses);
    else for (const status of statuses) copy.put(status);
    for (const id of removed) copy.rows.delete(id);
    copy.keep(cursor ?? null);
  };
  void (async () => {
    for (;;) {
      await ask().catch(() => undefined);
      await pause(ASK_EVERY_MS);
    }
  })();
  return copy;
}

let copies: Record<CopyName, Copy> | undefined;

const methods = {
  start(integration: Integration): void {
    copies = { package: byPackage(integration), 'by hand': byHand(integration), rest: byRest(integration) };
  },
  /** What each copy holds just now. */
  copies(): Record<CopyName, OutletStatus[]> {
    const held = copies!;
    const rowsOf = (name: CopyName): [CopyName, OutletStatus[]] => [name, [...held[name].rows.values()]];
    return Object.fromEntries(COPIES.map(rowsOf)) as Record<CopyName, OutletStatus[]>;
  },
  /** Of the copies that are told each change. */
  handled(): Record<'package' | 'by hand', { since: number; cursors: number[] }> {
    const held = copies!;
    return { package: held.package.handled(), 'by hand': held['by hand'].handled() };
  },
};

export type IntegratorMethods = typeof methods;

serve(methods);
