import { REASON_STATUS, type ReasonCode } from '@koneksi/contracts/outlet-status';
import type { PasskeyChange } from '@koneksi/contracts/passkey';
import type {
  ClientToServerEvents,
  PairingCodeChange,
  QrChange,
  ServerToClientEvents,
  StatusChange,
  StatusRemoval,
  StatusSeen,
  StatusSnapshot,
  WatchQrAnswer,
} from '@koneksi/contracts/realtime';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { PATIENCE_MS, patiently } from './eventually.js';

export type DashboardSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

type SocketSettings = Partial<ManagerOptions & SocketOptions>;

/** A dashboard's connection: keeps everything it hears, in order. */
export class Dashboard {
  readonly snapshots: StatusSnapshot[] = [];
  readonly changes: StatusChange[] = [];
  readonly removals: StatusRemoval[] = [];
  readonly seen: StatusSeen[] = [];
  readonly qrs: QrChange[] = [];
  readonly codes: PairingCodeChange[] = [];
  readonly passkeys: PasskeyChange[] = [];
  /** How the server or the network ended it. */
  readonly ended: Promise<string>;
  private readonly read = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  private constructor(readonly socket: DashboardSocket) {
    const keep =
      <T>(list: T[]) =>
      (item: T): void => {
        list.push(item);
        for (const listener of [...this.listeners]) listener();
      };
    socket.on('outlet-status:snapshot', keep(this.snapshots));
    socket.on('outlet-status:changed', keep(this.changes));
    socket.on('outlet-status:removed', keep(this.removals));
    socket.on('outlet-status:seen', keep(this.seen));
    socket.on('outlet-qr:changed', keep(this.qrs));
    socket.on('outlet-pairing-code:changed', keep(this.codes));
    socket.on('outlet-passkey:changed', keep(this.passkeys));
    this.ended = new Promise((resolve) => socket.once('disconnect', resolve));
  }

  /** Connects and waits for the snapshot. Fails with the server's word where it is refused. */
  static async open(url: string, token: unknown, settings: SocketSettings = {}): Promise<Dashboard> {
    const socket: DashboardSocket = io(url, {
      auth: token === undefined ? {} : { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ackTimeout: PATIENCE_MS,
      ...settings,
    });
    const dashboard = new Dashboard(socket);
    const refused = new Promise<never>((_, reject) => socket.once('connect_error', reject));
    try {
      await patiently(
        Promise.race([refused, dashboard.first(() => dashboard.snapshots[0])]),
        () => 'The server neither sent a snapshot nor refused',
      );
    } catch (error) {
      socket.disconnect();
      throw error;
    }
    return dashboard;
  }

  get snapshot(): StatusSnapshot {
    return this.snapshots.at(-1)!;
  }

  /** The cursor a page would remember. */
  get cursor(): number {
    return Math.max(this.snapshot.cursor, this.changes.at(-1)?.cursor ?? 0, this.removals.at(-1)?.cursor ?? 0);
  }

  /** The next change of this outlet to that reason, or to `CONNECTED`. What came before it counts as read. */
  becomes(outletId: string, reason: ReasonCode | 'CONNECTED'): Promise<StatusChange> {
    const expected = reason === 'CONNECTED' ? 'CONNECTED null' : `${REASON_STATUS[reason]} ${reason}`;
    return this.next(outletId, expected, (change) => summary(change) === expected);
  }

  /**
   * The next change that takes its connection from this outlet without anybody's doing. Whoever looks first tells:
   * the end of the socket (RECONNECTING), or our own watch that finds it silent or closing (DEGRADED).
   */
  async losesLink(outletId: string): Promise<StatusChange> {
    const told = await this.next(outletId, 'anything else', ({ status }) => status.session.status !== 'CONNECTED');
    const code = told.status.reason?.code;
    if (code !== 'DEGRADED' && code !== 'RECONNECTING') throw new Error(`${outletId} became ${summary(told)}`);
    return told;
  }

  /** The next change of this outlet that fits. What came before it counts as read. */
  next(outletId: string, what: string, fits: (change: StatusChange) => boolean): Promise<StatusChange> {
    const from = this.read.get(outletId) ?? 0;
    const look = (): StatusChange | undefined => {
      const at = this.changes.findIndex(
        (change, index) => index >= from && change.status.outletId === outletId && fits(change),
      );
      if (at < 0) return undefined;
      this.read.set(outletId, at + 1);
      return this.changes[at];
    };
    return patiently(this.first(look), () => {
      const heard = this.changes.filter((change) => change.status.outletId === outletId).map(summary);
      return `${outletId} did not become ${what}; heard: ${heard.join(', ') || 'nothing'}`;
    });
  }

  /** That this outlet is gone, now or when it is. */
  removed(outletId: string): Promise<StatusRemoval> {
    return patiently(
      this.first(() => this.removals.find((removal) => removal.outletId === outletId)),
      () => `${outletId} was not removed; heard: ${this.told(outletId).join(', ') || 'nothing'}`,
    );
  }

  /** When the reconciler has told of so many rounds more. */
  async rounds(count: number): Promise<void> {
    const from = this.seen.length;
    await patiently(
      this.first(() => this.seen.length >= from + count),
      () => `${this.seen.length - from} of ${count} rounds were told`,
    );
  }

  /** What this outlet was told to be, in order, as `STATUS REASON`. */
  told(outletId: string): string[] {
    return this.changes.filter((change) => change.status.outletId === outletId).map(summary);
  }

  /** The next word about a code of this outlet that fits; whoever wants to hear must watch it. */
  async code(outletId: string, fits: (change: PairingCodeChange) => boolean, from = 0): Promise<PairingCodeChange> {
    return patiently(
      this.first(() => this.codes.slice(from).find((change) => change.outletId === outletId && fits(change))),
      () => `no such code of ${outletId}; heard: ${JSON.stringify(this.codes)}`,
    );
  }

  /** The next word about the passkey of this outlet that fits; for admins who watch it. */
  passkey(outletId: string, step: PasskeyChange['step'], from = 0): Promise<PasskeyChange> {
    return patiently(
      this.first(() =>
        this.passkeys.slice(from).find((change) => change.outletId === outletId && change.step === step),
      ),
      () => `no passkey step ${step} of ${outletId}; heard: ${JSON.stringify(this.passkeys)}`,
    );
  }

  /** What is answered to whoever wants to see the QR of this outlet. */
  watch(outletId: string): Promise<WatchQrAnswer> {
    return this.socket.emitWithAck('outlet-qr:watch', { outletId });
  }

  /** The QR on show, or the next one. */
  async qr(outletId: string): Promise<string> {
    const from = this.qrs.length;
    const answer = await this.socket.emitWithAck('outlet-qr:watch', { outletId });
    if (!answer.success) throw new Error(`watching was refused: ${answer.error.code}`);
    if (answer.qr) return answer.qr;
    return patiently(
      this.first(() => this.qrs.slice(from).find((change) => change.outletId === outletId && change.qr)?.qr),
      () => `No QR was shown for ${outletId}`,
    );
  }

  /** Resolves as soon as something heard makes `look` answer. */
  first<T>(look: () => T | undefined | null | false): Promise<T> {
    return new Promise((resolve) => {
      const listener = (): void => {
        const answer = look();
        if (answer === undefined || answer === null || answer === false) return;
        this.listeners.delete(listener);
        resolve(answer);
      };
      this.listeners.add(listener);
      listener();
    });
  }

  close(): void {
    this.socket.disconnect();
  }
}

function summary({ status }: StatusChange): string {
  return `${status.session.status} ${status.reason?.code ?? null}`;
}
