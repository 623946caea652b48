import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type {
  ClientToServerEvents,
  ResumeAnswer,
  ServerToClientEvents,
  StatusChange,
  StatusRemoval,
  StatusSnapshot,
} from '@koneksi/contracts/realtime';
import { io, type Socket } from 'socket.io-client';
import { ChangeQueue, type Delivery } from './change-queue.ts';
import { StatusReplica } from './status-replica.ts';

export type { OutletStatus, StatusChange, StatusRemoval, StatusSnapshot };

/** Where the cursor of what was processed is kept between two runs, such as a file or a row. */
export interface CursorStore {
  load(): Promise<number | null> | number | null;
  save(cursor: number): Promise<void> | void;
}

/**
 * `live`: everything is told as it happens. `lost`: being tried again, what is known was true until then. `refused`:
 * the server does not let this token in (`code` says why); tried again too, for tokens are renewed and rights restored.
 */
export type Connection = { state: 'connecting' | 'live' | 'lost' | 'refused'; code?: string };

export interface KoneksiOptions {
  /** Where Koneksi answers, such as `https://koneksi.example`. */
  url: string;
  /** An API key, or whatever fetches an access token that is valid now: asked for at each connect. */
  token: string | (() => Promise<string> | string);
  /** The language of `reason.message` and other sentences; Indonesian without one. */
  locale?: 'id' | 'en';
  /** Without one, each start begins with a snapshot. */
  cursor?: CursorStore;
  /** Told one after the other; the next waits for what this returns. A failure is told to `onError`, and repeated. */
  onChange?: (change: StatusChange) => Promise<void> | void;
  onRemoved?: (removal: StatusRemoval) => Promise<void> | void;
  /** The whole truth: at the first start, and where more was missed than the server keeps. */
  onSnapshot?: (snapshot: StatusSnapshot) => Promise<void> | void;
  onConnection?: (connection: Connection) => void;
  onError?: (error: unknown) => void;
}

type TypedSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const RETRY_MS = { first: 250, most: 5_000 };
const CONNECT_WITHIN_MS = 10_000;
const ACKNOWLEDGED_WITHIN_MS = 10_000;
/** After so many refusals of a resume the snapshot of the connection is taken, which holds the same truth. */
const RESUME_TRIES = 5;

/**
 * A subscription that never dies silently: it comes back whatever ended the socket, asks for a new token each time,
 * and tells every change once and in order, over restarts of both sides where it is given a `cursor` store.
 */
export class Koneksi {
  readonly #options: KoneksiOptions;
  readonly #replica = new StatusReplica({ rows: () => undefined });
  #queue: ChangeQueue | null = null;
  #socket: TypedSocket | null = null;
  #connections = 0;
  #refusals = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #endPause: () => void = () => undefined;
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  #told = 'connecting';

  constructor(options: KoneksiOptions) {
    this.#options = options;
    void this.#open();
  }

  /** Every outlet this token may see, by id, as of now. */
  get statuses(): ReadonlyMap<string, OutletStatus> {
    return new Map([...this.#replica.rows].map(([id, { status }]) => [id, status]));
  }

  /** Ends the subscription; resolves once what was being processed is. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#endPause();
    this.#socket?.disconnect();
    await this.#work;
  }

  async #open(): Promise<void> {
    let cursor: number | null = null;
    try {
      cursor = (await this.#options.cursor?.load()) ?? null;
    } catch (error) {
      this.#options.onError?.(error);
    }
    if (this.#closed) return;
    this.#queue = new ChangeQueue(cursor);
    this.#socket = this.#connect(this.#queue);
  }

  #connect(queue: ChangeQueue): TypedSocket {
    const socket: TypedSocket = io(this.#options.url, {
      transports: ['websocket'],
      forceNew: true,
      timeout: CONNECT_WITHIN_MS,
      reconnectionDelay: RETRY_MS.first,
      reconnectionDelayMax: RETRY_MS.most,
      auth: (offer) => void this.#offer(offer),
    });
    socket.on('connect', () => {
      this.#replica.connected();
      const from = queue.connected();
      const connection = ++this.#connections;
      if (from !== null) void this.#resume(socket, queue, { from, connection });
    });
    socket.on('outlet-status:snapshot', (snapshot) => {
      this.#replica.applySnapshot(snapshot);
      this.#deliver(queue.snapshot(snapshot));
      if (queue.isLive) this.#tell({ state: 'live' });
    });
    socket.on('outlet-status:changed', (change) => {
      this.#replica.applyChange(change);
      this.#deliver(queue.event(change));
    });
    socket.on('outlet-status:removed', (removal) => {
      this.#replica.applyRemoval(removal);
      this.#deliver(queue.event(removal));
    });
    socket.on('outlet-status:seen', (seen) => this.#replica.applySeen(seen));
    socket.on('disconnect', (reason) => {
      queue.disconnected();
      this.#tell({ state: 'lost', code: reason });
      // socket.io comes back by itself from everything but this: a token that ended, rights that changed.
      if (reason === 'io server disconnect') this.#connectLater(socket);
    });
    socket.on('connect_error', ({ message }) => {
      if (socket.active) return this.#tell({ state: 'lost', code: message });
      this.#tell({ state: 'refused', code: message });
      this.#connectLater(socket);
    });
    return socket;
  }

  async #offer(offer: (auth: { token: string; locale?: string }) => void): Promise<void> {
    const { token, locale } = this.#options;
    try {
      offer({ token: typeof token === 'string' ? token : await token(), ...(locale && { locale }) });
    } catch (error) {
      this.#options.onError?.(error);
      // Refused by the server for the lack of it, and tried again like any other refusal.
      offer({ token: '' });
    }
  }

  /** At once the first time, then ever later: whoever refuses is not helped by being asked more often. */
  #connectLater(socket: TypedSocket): void {
    if (this.#closed) return;
    const delay = this.#refusals === 0 ? 0 : Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** this.#refusals);
    this.#refusals++;
    this.#retry = setTimeout(() => socket.connect(), delay * (0.5 + Math.random() / 2));
  }

  async #resume(
    socket: TypedSocket,
    queue: ChangeQueue,
    { from, connection }: { from: number; connection: number },
  ): Promise<void> {
    for (let attempt = 1; connection === this.#connections && socket.connected; attempt++) {
      const answer = await ask(socket, from);
      if (connection !== this.#connections || !socket.connected) return;
      const deliveries = answer && queue.resumed(answer);
      if (deliveries) {
        if (answer.success && 'snapshot' in answer) this.#replica.applySnapshot(answer.snapshot);
        this.#deliver(deliveries);
        break;
      }
      if (attempt === RESUME_TRIES) {
        this.#deliver(queue.beginAnew());
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS.first * 2 ** attempt));
    }
    if (queue.isLive) this.#tell({ state: 'live' });
  }

  #tell(connection: Connection): void {
    if (connection.state === 'live') this.#refusals = 0;
    const text = `${connection.state} ${connection.code ?? ''}`;
    if (text === this.#told || this.#closed) return;
    this.#told = text;
    this.#options.onConnection?.(connection);
  }

  /** One after the other, and the cursor is kept only once its event was processed. */
  #deliver(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#work = this.#work.then(() => this.#process(delivery));
  }

  async #process(delivery: Delivery): Promise<void> {
    for (let attempt = 0; !this.#closed; attempt++) {
      try {
        await this.#hand(delivery);
        const { cursor } = delivery.type === 'snapshot' ? delivery.snapshot : delivery.event;
        await this.#options.cursor?.save(cursor);
        return;
      } catch (error) {
        this.#options.onError?.(error);
        const delay = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** attempt);
        await this.#pause(delay);
      }
    }
  }

  /** Cut short by `close`. Milliseconds. */
  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #hand(delivery: Delivery): Promise<void> {
    if (delivery.type === 'snapshot') await this.#options.onSnapshot?.(delivery.snapshot);
    else if ('status' in delivery.event) await this.#options.onChange?.(delivery.event);
    else await this.#options.onRemoved?.(delivery.event);
  }
}

/** `null` where the connection ended before the answer, or nobody answered. */
function ask(socket: TypedSocket, cursor: number): Promise<ResumeAnswer | null> {
  return new Promise((resolve) => {
    socket
      .timeout(ACKNOWLEDGED_WITHIN_MS)
      .emit('outlet-status:resume', { cursor }, (error, answer) => resolve(error ? null : answer));
  });
}
