import { Logger } from '@nestjs/common';
import type { Server } from 'socket.io';

/** Of one packet of Engine.IO; a broadcast shares these options, and so the frame, among all it goes to. */
interface Packet {
  data?: unknown;
  options?: { wsPreEncodedFrame?: Buffer[] };
}

/** What is used of Engine.IO 6 and ws 8 beyond their types; both are pinned, and the tests notice another shape. */
interface WebSocketTransport {
  readonly name: 'websocket';
  perMessageDeflate: unknown;
  send: (packets: Packet[]) => void;
  /** Told when the kernel took the last frame of a `send`: the next one may go. */
  _onSentLast: (error?: Error) => void;
  readonly socket: { _socket: { cork(): void; uncork(): void } | null; terminate(): void };
}

type Transport = WebSocketTransport | { readonly name: 'polling' };

interface Connection {
  readonly id: string;
  readonly transport: Transport;
  readonly writeBuffer: readonly Packet[];
  on(event: 'packetCreate', listener: (packet: Packet) => void): void;
  on(event: 'flush' | 'close', listener: () => void): void;
  on(event: 'upgrade', listener: (transport: Transport) => void): void;
  close(discard: boolean): void;
}

export interface ReaderBounds {
  /** A reader that takes nothing for this long, as far as the server's loop turned to see it … Milliseconds. */
  patienceMs: number;
  /** … from when so many packets wait … */
  packets: number;
  /** … or so many characters, is cut. */
  characters: number;
  /** However fast they came. */
  mostPackets: number;
}

/** A snapshot of 5,000 outlets has 3.4 million characters; two may wait at once, the one that greets and an answer. */
const BOUNDS: ReaderBounds = { patienceMs: 1_000, packets: 500, characters: 16_000_000, mostPackets: 5_000 };

/** Writing rests as long as it took; less is not worth a timer. Milliseconds. */
const LEAST_REST_MS = 2;
/** More would be felt: beside busy neighbours a write seems to take longer than it does. Milliseconds. */
const MOST_REST_MS = 50;

/**
 * How packets get from Engine.IO to its sockets. A change that goes to a thousand readers is a thousand writes: so each is
 * framed once for all, writes take about half of the time at most, and what comes meanwhile waits at each socket, in order, and
 * goes in one write. Whoever does not read what is written is cut instead of being queued for, and resumes by cursor.
 */
export class SocketWrites {
  private readonly logger = new Logger('Socket.IO');
  /** Sockets whose next write may go once writing has rested. */
  private held: (() => void)[] = [];
  private restsUntil = 0;

  constructor(private readonly bounds: ReaderBounds = BOUNDS) {}

  /** From here on this server's sockets are written to so. */
  serve({ engine }: Pick<Server, 'engine'>): void {
    engine.on('connection', (connection: Connection) => {
      const taken = this.bound(connection);
      this.take(connection.transport, taken);
      connection.on('upgrade', (transport) => this.take(transport, taken));
    });
  }

  private take(transport: Transport, taken: () => void): void {
    if (transport.name !== 'websocket') return;
    // Engine.IO takes it as a reason to frame anew for each socket. ws compresses what is large as before.
    transport.perMessageDeflate = null;
    const { _onSentLast: sent, socket } = transport;
    const send = transport.send.bind(transport);
    transport.send = (packets) => {
      const begun = performance.now();
      const raw = socket._socket;
      raw?.cork();
      send(inLine(packets));
      raw?.uncork();
      this.rest(performance.now() - begun);
    };
    transport._onSentLast = (error) => {
      if (error) return sent(error);
      taken();
      this.afterRest(sent);
    };
  }

  private rest(ms: number): void {
    const now = performance.now();
    this.restsUntil = Math.min(Math.max(now, this.restsUntil) + ms, now + MOST_REST_MS);
  }

  private afterRest(go: () => void): void {
    const left = this.restsUntil - performance.now();
    if (this.held.length === 0) {
      if (left < LEAST_REST_MS) return go();
      setTimeout(() => this.letGo(), left);
    }
    this.held.push(go);
  }

  private letGo(): void {
    const { held } = this;
    this.held = [];
    for (const go of held) go();
  }

  /** Nothing else bounds what waits for a reader that answers pings and reads nothing. Answers what to call when it took something. */
  private bound(connection: Connection): () => void {
    const { patienceMs, packets, characters: most, mostPackets } = this.bounds;
    let characters = 0;
    let isCut = false;
    let patience: NodeJS.Timeout | undefined;
    const cut = (): void => {
      isCut = true;
      this.logger.debug(`A reader that takes nothing was cut, with ${connection.writeBuffer.length} packets waiting`);
      const { transport } = connection;
      connection.close(true);
      // A goodbye would wait behind all it does not read.
      if (transport.name === 'websocket') transport.socket.terminate();
    };
    const losePatience = (): void => {
      // What it took while this loop stood still is told before the turn ends.
      const lost = setTimeout(() => setImmediate(() => patience === lost && cut()), patienceMs);
      patience = lost;
    };
    const taken = (): void => {
      clearTimeout(patience);
      patience = undefined;
    };
    connection.on('close', taken);
    connection.on('flush', () => {
      characters = 0;
      taken();
    });
    connection.on('packetCreate', ({ data }) => {
      const waiting = connection.writeBuffer.length;
      if (typeof data === 'string') characters += data.length;
      if (isCut) return;
      if (waiting >= mostPackets) cut();
      else if (!patience && (waiting >= packets || characters >= most)) losePatience();
    });
    return taken;
  }
}

/**
 * A frame goes straight to the kernel; what ws may compress goes when that is done. So whatever stands behind such a packet
 * is left to ws too, which keeps the order.
 */
function inLine(packets: Packet[]): Packet[] {
  const first = packets.findIndex(({ options }) => !options?.wsPreEncodedFrame);
  const framed = first === -1 ? packets : packets.slice(0, first);
  for (const { options } of framed) joinParts(options!.wsPreEncodedFrame!);
  if (first === -1 || first === packets.length - 1) return packets;
  const unframed = ({ options: { wsPreEncodedFrame: _, ...options } = {}, ...packet }: Packet): Packet => ({
    ...packet,
    options,
  });
  return [...framed, ...packets.slice(first).map(unframed)];
}

/** Head and body as one buffer: one write each instead of two. Done for the first socket, all others find it so. */
function joinParts(frame: Buffer[]): void {
  if (frame.length > 1) frame.splice(0, frame.length, Buffer.concat(frame));
}
