// The clients of the push benchmark, so that their work is not counted as the server's.
import type { OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import type { ServerToClientEvents } from '@koneksi/contracts/realtime';
import { Agent, get } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { now } from '../clock.ts';
import { serve } from './serve.ts';

/** One change as it reached the subscribers. */
export interface Reached {
  outletId: string;
  revision: number;
  status: string;
  /** When each subscriber had it. */
  at: number[];
}

export interface Polled {
  answered: number;
  failed: number;
  /** Polls that were due but had to wait for the one before. */
  late: number;
  /** Milliseconds a poll took. */
  durations: number[];
  /** Per observing poller, what it has seen: when, and the revision of every outlet whose revision had moved. */
  seen: { at: number; moved: [outletId: string, revision: number, status: string][] }[][];
}

const OPENED_AT_ONCE = 25;
/** Pollers that read what they get; the others only fetch it, as reading it would need this machine's cores. */
const OBSERVERS = 10;

let subscribers: Socket<ServerToClientEvents>[] = [];
let reached = new Map<string, Reached>();

let polling: NodeJS.Timeout[] = [];
let polled: Polled = nothingPolled();

function nothingPolled(): Polled {
  return { answered: 0, failed: 0, late: 0, durations: [], seen: [] };
}

function subscribe(url: string, token: string): Promise<void> {
  const socket: Socket<ServerToClientEvents> = io(url, { auth: { token }, transports: ['websocket'], forceNew: true });
  subscribers.push(socket);
  socket.on('outlet-status:changed', ({ status }) => {
    const at = now();
    const key = `${status.outletId} ${status.revision}`;
    let change = reached.get(key);
    if (!change) {
      change = { outletId: status.outletId, revision: status.revision, status: status.session.status, at: [] };
      reached.set(key, change);
    }
    change.at.push(at);
  });
  return new Promise((resolve, reject) => {
    socket.once('outlet-status:snapshot', () => resolve());
    socket.once('connect_error', reject);
  });
}

function poll(url: string, token: string, periodMs: number, observes: boolean): void {
  const revisions = new Map<string, number>();
  const seen: Polled['seen'][number] = [];
  if (observes) polled.seen.push(seen);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const mine = polled;
  let underWay = false;
  const once = async (): Promise<void> => {
    if (underWay) return void mine.late++;
    underWay = true;
    const begun = now();
    try {
      const text = await fetchStatuses(url, token, agent, observes);
      const at = now();
      mine.answered++;
      mine.durations.push(at - begun);
      if (observes) seen.push({ at, moved: moved(JSON.parse(text) as OutletStatusDocument, revisions) });
    } catch {
      mine.failed++;
    }
    underWay = false;
  };
  const first = setTimeout(() => {
    void once();
    polling.push(setInterval(() => void once(), periodMs));
  }, Math.random() * periodMs);
  polling.push(first);
}

/** Without compression: cheapest for the server. */
function fetchStatuses(url: string, token: string, agent: Agent, read: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' };
    const request = get(`${url}/api/outlets/status`, { agent, headers }, (response) => {
      if (response.statusCode !== 200) return void request.destroy(new Error(`HTTP ${response.statusCode}`));
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => read && chunks.push(chunk));
      response.once('end', () => resolve(Buffer.concat(chunks).toString()));
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}

function moved({ statuses }: OutletStatusDocument, revisions: Map<string, number>): [string, number, string][] {
  const found: [string, number, string][] = [];
  for (const { outletId, revision, session } of statuses) {
    if (revisions.get(outletId) === revision) continue;
    revisions.set(outletId, revision);
    found.push([outletId, revision, session.status]);
  }
  return found;
}

const methods = {
  /** Resolves when each has its snapshot. */
  async open(url: string, token: string, count: number): Promise<void> {
    while (subscribers.length < count) {
      const some = Math.min(OPENED_AT_ONCE, count - subscribers.length);
      await Promise.all(Array.from({ length: some }, () => subscribe(url, token)));
    }
  },
  /** What reached them since the last call. */
  take(): Reached[] {
    const taken = [...reached.values()];
    reached = new Map();
    return taken;
  },
  close(): void {
    for (const socket of subscribers) socket.close();
    subscribers = [];
    reached = new Map();
  },
  startPolling(url: string, token: string, count: number, periodMs: number): void {
    polled = nothingPolled();
    for (let index = 0; index < count; index++) poll(url, token, periodMs, index < OBSERVERS);
  },
  stopPolling(): Polled {
    for (const timer of polling) clearInterval(timer);
    polling = [];
    return polled;
  },
};

export type SubscriberMethods = typeof methods;

serve(methods);
