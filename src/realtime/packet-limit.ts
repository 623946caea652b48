import { CLIENT_EVENTS, type Refusal } from '@koneksi/contracts/realtime';
import type { Socket } from 'socket.io';
import { refuse } from './dashboard-socket.js';

const OF_DASHBOARDS: ReadonlySet<string> = new Set(Object.keys(CLIENT_EVENTS));

/** A dashboard asks a few times a minute; this leaves room for a page that reconnects often. */
const PACKETS_PER_SECOND = 10;
const BURST = 50;
/** Who goes on as soon as they are refused waits for the refusal. Milliseconds. */
const REFUSED_AFTER_MS = 1_000;

/** A page asks once on each connection; each time costs a look into the database before anybody is known. */
const HANDSHAKES_PER_CONNECTION = 5;
const handshakes = new WeakMap<object, number>();

/** Whether this connection may ask to enter once more. */
export function mayAskToEnter({ conn }: Socket): boolean {
  const asked = (handshakes.get(conn) ?? 0) + 1;
  handshakes.set(conn, asked);
  return asked <= HANDSHAKES_PER_CONNECTION;
}

/** Refuses unknown events and floods, packet by packet; the connection is kept and nothing is logged. */
export function limitPackets(socket: Socket, known: ReadonlySet<string> = OF_DASHBOARDS): void {
  let tokens = BURST;
  let refilledAt = performance.now();
  socket.use(([event, ...parts], next) => {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + ((now - refilledAt) / 1_000) * PACKETS_PER_SECOND);
    refilledAt = now;
    const flooded = tokens < 1;
    if (!flooded) tokens--;
    if (!flooded && known.has(event)) return next();
    const acknowledge: unknown = parts.at(-1);
    if (typeof acknowledge !== 'function') return;
    const answer = acknowledge as (refusal: Refusal) => void;
    if (!flooded) return answer(refuse('NOT_FOUND', 'no such event'));
    const refusal = refuse('TOO_MANY_ATTEMPTS', 'too many events; wait a moment');
    setTimeout(() => answer(refusal), REFUSED_AFTER_MS).unref();
  });
}
