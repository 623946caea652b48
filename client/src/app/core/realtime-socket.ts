import { DOCUMENT, effect, inject, Service, signal, untracked } from '@angular/core';
import type { ErrorCode } from '@koneksi/contracts/errors';
import type { ClientToServerEvents, ServerToClientEvents } from '@koneksi/contracts/realtime';
import { io, type Socket } from 'socket.io-client';
import { AuthStore } from './auth-store';
import { Clock } from './clock';
import { Texts } from './texts';

type TypedSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A connection that lived this long was no flapping one: the next refusal is met at once again. */
const STEADY_AFTER_MS = 10_000;

/** The server says something every three seconds, if only that it is there: after this long without, it is not. */
const SILENT_AFTER_MS = 7_500;

/** The only socket. Up while someone is signed in; says when it is up and as of when it was lost. */
@Service()
export class RealtimeSocket {
  readonly #auth = inject(AuthStore);
  readonly #clock = inject(Clock);
  readonly #texts = inject(Texts);
  readonly #socket: TypedSocket = io({
    autoConnect: false,
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    auth: (offer) => offer({ token: (this.#offeredToken = this.#auth.token()), locale: this.#texts.locale() }),
  });

  readonly #connection = signal<number | null>(null);
  /** Which connection is up, counted from 1; `null` while none is. */
  readonly connection = this.#connection.asReadonly();
  readonly #lostAt = signal<number | null>(null);
  /** The last instant anything was heard on the connection that broke. */
  readonly lostAt = this.#lostAt.asReadonly();

  readonly #silent = signal(false);
  /** Whether nothing is heard on a connection that looks up: the server is frozen, or the network swallows everything. */
  readonly silent = this.#silent.asReadonly();

  readonly #crowded = signal(false);
  /** Whether the server refuses this page since the account has too many open. */
  readonly crowded = this.#crowded.asReadonly();

  /** Typed as in the contract. Answers to `emit` come back through its acknowledgement. */
  readonly on: TypedSocket['on'] = this.#socket.on.bind(this.#socket);
  readonly off: TypedSocket['off'] = this.#socket.off.bind(this.#socket);
  readonly emit: TypedSocket['emit'] = this.#socket.emit.bind(this.#socket);

  #connections = 0;
  #connectedAt = 0;
  #lastHeard = 0;
  #refusals = 0;
  #offeredToken: string | null = null;

  constructor() {
    this.#socket.on('connect', () => {
      this.#connectedAt = this.#heard();
      this.#crowded.set(false);
      this.#connection.set(++this.#connections);
    });
    this.#socket.on('disconnect', (reason) => {
      this.#connection.set(null);
      this.#silent.set(false);
      this.#lostAt.set(this.#lastHeard);
      if (this.#lastHeard - this.#connectedAt > STEADY_AFTER_MS) this.#refusals = 0;
      if (reason === 'io server disconnect') void this.#renewAndReconnect();
    });
    this.#socket.on('connect_error', ({ message }) => {
      // Only a refusal by the server leaves the socket inactive; a network that is away is tried again by itself.
      if (this.#socket.active) return;
      this.#crowded.set(message === ('TOO_MANY_CONNECTIONS' satisfies ErrorCode));
      if (message === 'UNAUTHENTICATED') void this.#renewAndReconnect();
      else this.#reconnectLater();
    });
    this.#socket.onAny(() => this.#heard());
    this.#socket.io.on('ping', () => this.#heard());

    effect(() => {
      const now = this.#clock.now();
      const silent = this.connection() !== null && now - this.#lastHeard > SILENT_AFTER_MS;
      if (!silent) return;
      this.#lostAt.set(this.#lastHeard);
      this.#silent.set(true);
    });

    const document = inject(DOCUMENT);
    document.defaultView?.addEventListener('online', () => this.reconnectNow());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.reconnectNow();
    });

    effect(() => {
      const signedIn = this.#auth.userId() !== null;
      untracked(() => {
        this.#socket.disconnect();
        this.#lostAt.set(null);
        if (signedIn) this.#socket.connect();
      });
    });
  }

  /** Does not wait for the next attempt. */
  reconnectNow(): void {
    if (this.#socket.connected || !this.#socket.active) return;
    this.#socket.disconnect().connect();
  }

  #heard(): number {
    this.#silent.set(false);
    return (this.#lastHeard = this.#clock.instant());
  }

  /** The server lets go of a socket whose token ended, and refuses one that comes with it. */
  async #renewAndReconnect(): Promise<void> {
    if ((await this.#auth.renew(this.#offeredToken)) !== 'refused') this.#reconnectLater();
  }

  /** At once the first time, then ever later: whoever refuses is not helped by being asked more often. */
  #reconnectLater(): void {
    const delay = this.#refusals === 0 ? 0 : Math.min(5_000, 250 * 2 ** this.#refusals);
    this.#refusals += 1;
    setTimeout(() => {
      if (this.#auth.userId() !== null) this.#socket.connect();
    }, delay);
  }
}
