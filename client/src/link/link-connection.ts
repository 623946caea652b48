import { computed, inject, Service, signal } from '@angular/core';
import type { ConnectRequest } from '@koneksi/contracts/outlets';
import type { PairingCodeChange, QrChange } from '@koneksi/contracts/realtime';
import type {
  LINK_NAMESPACE,
  LinkClientEvents,
  LinkConnectAnswer,
  LinkedOutlet,
  LinkServerEvents,
} from '@koneksi/contracts/reconnect-links';
import { io, type Socket } from 'socket.io-client';
import { Clock } from '../app/core/clock';

/** The contract's own would bring its schemas along. */
const NAMESPACE = '/reconnect' satisfies typeof LINK_NAMESPACE;

/** The server says something every three seconds, if only that it is there. */
const SILENT_AFTER_MS = 7_500;
const AGAIN_MS = 5_000;

/** What the server said of the link. `open` also while the connection is lost and tried again. */
export type Access = 'opening' | 'open' | 'gone' | 'wait' | 'crowded';

/** Everything that comes of the link in this page's address. */
@Service()
export class LinkConnection {
  readonly #clock = inject(Clock);
  readonly #socket: Socket<LinkServerEvents, LinkClientEvents> = io(NAMESPACE, {
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    auth: { token: location.pathname.slice(location.pathname.lastIndexOf('/') + 1) },
  });

  readonly #access = signal<Access>('opening');
  readonly access = this.#access.asReadonly();
  readonly #outlet = signal<LinkedOutlet | null>(null);
  readonly outlet = this.#outlet.asReadonly();
  readonly #qr = signal<QrChange | null>(null);
  readonly #code = signal<PairingCodeChange | null>(null);
  readonly #connected = signal(false);
  readonly #heardAt = signal(0);

  /** Whether what is shown may be out of date. */
  readonly lost = computed(
    () => this.access() === 'open' && (!this.#connected() || this.#clock.now() - this.#heardAt() > SILENT_AFTER_MS),
  );
  /** What a phone may scan or type right now: never what ran out, or what this page cannot know to be current. */
  readonly qr = computed(() => this.#current(this.#qr(), this.#qr()?.qr));
  readonly code = computed(() => this.#current(this.#code(), this.#code()?.pairingCode));
  readonly refusal = computed(() => this.#code()?.refusal ?? null);

  constructor() {
    const socket = this.#socket;
    socket.on('connect', () => {
      this.#connected.set(true);
      this.#heard();
    });
    socket.on('reconnect-link:changed', (outlet) => {
      this.#clock.follow(Date.parse(outlet.at));
      this.#access.set('open');
      this.#outlet.set(outlet);
    });
    socket.on('outlet-qr:changed', (change) => this.#qr.set(change));
    socket.on('outlet-pairing-code:changed', (change) => this.#code.set(change));
    socket.onAny(() => this.#heard());
    socket.io.on('ping', () => this.#heard());
    socket.on('disconnect', (reason) => {
      this.#connected.set(false);
      // A link that did its work shows its visitor out; whoever was shown out for another reason is told which.
      if (reason === 'io server disconnect' && !this.#isDone()) socket.connect();
    });
    socket.on('connect_error', ({ message }) => {
      // Only a refusal by the server leaves the socket inactive; a network that is away is tried again by itself.
      if (!socket.active) this.#refused(message);
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && !socket.connected && socket.active) socket.disconnect().connect();
    });
  }

  /** The code of the refusal, where it was refused. */
  async ask(method: ConnectRequest['method']): Promise<string | null> {
    try {
      const asked: Promise<unknown> = this.#socket.timeout(40_000).emitWithAck('reconnect-link:connect', { method });
      const answer = (await asked) as LinkConnectAnswer;
      return answer.success ? null : answer.error.code;
    } catch {
      return 'other';
    }
  }

  #isDone(): boolean {
    return this.outlet()?.liveStatus.status === 'CONNECTED';
  }

  #refused(code: string): void {
    if (code === 'LINK_GONE') return this.#access.set(this.#isDone() ? 'open' : 'gone');
    if (code === 'TOO_MANY_ATTEMPTS') return this.#access.set('wait');
    if (code === 'TOO_MANY_CONNECTIONS') this.#access.set('crowded');
    setTimeout(() => this.#socket.connect(), AGAIN_MS);
  }

  #heard(): void {
    this.#heardAt.set(this.#clock.instant());
  }

  #current(change: { expiresAt: string | null } | null, text: string | null | undefined): Shown | null {
    if (!change?.expiresAt || !text || this.lost()) return null;
    const left = Date.parse(change.expiresAt) - this.#clock.now();
    return left > 0 ? { text, left } : null;
  }
}

/** `left`: for how long, in milliseconds. */
export interface Shown {
  text: string;
  left: number;
}
