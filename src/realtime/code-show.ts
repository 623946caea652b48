import { Injectable, Logger } from '@nestjs/common';
import { LINK_CODES, type LinkCode } from '@koneksi/contracts/link-audit';
import type { PairingCodeChange, QrChange } from '@koneksi/contracts/realtime';
import type { Caller } from '../auth/caller.js';
import { EventBus } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { LinkVisits } from '../reconnect-links/link-visits.js';
import { SessionDesk } from '../wa-session/desk/session-desk.js';
import type { Pairing, ShownCodes } from '../wa-session/desk/shown-codes.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import { outletWatchedIn, qrRoom } from './rooms.js';

/** A socket that may watch codes, of whichever namespace. */
export interface CodeSocket {
  readonly data: { readonly caller: Caller };
  readonly rooms: ReadonlySet<string>;
  emit(event: 'outlet-qr:changed', change: QrChange): unknown;
  emit(event: 'outlet-pairing-code:changed', change: PairingCodeChange): unknown;
}

interface CodeNamespace {
  readonly sockets: ReadonlyMap<string, CodeSocket>;
  readonly adapter: {
    readonly rooms: ReadonlyMap<string, ReadonlySet<string>>;
    on(event: 'create-room' | 'delete-room', listener: (room: string) => void): unknown;
  };
}

/** Shows QRs and pairing codes to those in the room of an outlet, each only once it is on record that they were. */
@Injectable()
export class CodeShow {
  private readonly logger = new Logger('Realtime');
  /** In how many namespaces an outlet is watched. */
  private readonly watchedIn = new Map<string, number>();

  constructor(
    private readonly desk: SessionDesk,
    private readonly audit: LinkAudit,
    private readonly visits: LinkVisits,
    private readonly bus: EventBus,
  ) {}

  /** From now on whoever watches an outlet in this namespace sees its codes. */
  serve(namespace: CodeNamespace): void {
    const tell = (code: LinkCode, outletId: string): void => {
      for (const id of namespace.adapter.rooms.get(qrRoom(outletId)) ?? []) {
        const socket = namespace.sockets.get(id);
        if (socket) this.show(socket, outletId, code);
      }
    };
    this.bus.on('outlet-qr.changed', ({ outletId }) => tell('qr', outletId));
    this.bus.on('outlet-pairing-code.changed', ({ outletId }) => tell('pairing-code', outletId));
    namespace.adapter.on('create-room', (room) => this.count(room, 1));
    namespace.adapter.on('delete-room', (room) => this.count(room, -1));
  }

  /** Until all that is on show is on record for this caller; rejects where it cannot be written. */
  async record({ data: { caller } }: CodeSocket, outletId: string): Promise<void> {
    // While one is written another round may begin.
    for (;;) {
      const codes = this.desk.codes(outletId);
      const unseen = LINK_CODES.find((code) => isShown(codes, code) && !this.audit.has(caller, codes, code));
      if (!codes || !unseen) return;
      await this.write(caller, codes, unseen);
    }
  }

  /** In the same turn where it may be; else what is shown once the record is written. */
  show(socket: CodeSocket, outletId: string, code: LinkCode): void {
    const { caller } = socket.data;
    const codes = this.desk.codes(outletId);
    if (!codes) return;
    if (!isShown(codes, code) || this.audit.has(caller, codes, code)) {
      if (code === 'qr') socket.emit('outlet-qr:changed', codes.qr);
      else socket.emit('outlet-pairing-code:changed', codes.code);
      return;
    }
    this.write(caller, codes, code).then(
      () => {
        if (isShown(this.desk.codes(outletId), code) && socket.rooms.has(qrRoom(outletId)))
          this.show(socket, outletId, code);
      },
      (error: unknown) => {
        const reason = messageOf(error);
        this.logger.warn(`A ${code} of outlet ${outletId} was not shown, as that could not be recorded: ${reason}`);
      },
    );
  }

  /** A link is good for one connection, by whichever code its visitor saw. */
  private async write(caller: Caller, pairing: Pairing, code: LinkCode): Promise<void> {
    if (caller.kind === 'reconnect-link') await this.visits.start(caller, pairing.outletId);
    await this.audit.record(caller, pairing, code);
  }

  /** A QR nobody watches is not renewed for ever. */
  private count(room: string, step: 1 | -1): void {
    const outletId = outletWatchedIn(room);
    if (outletId === null) return;
    const count = (this.watchedIn.get(outletId) ?? 0) + step;
    if (count > 0) this.watchedIn.set(outletId, count);
    else this.watchedIn.delete(outletId);
    const isNews = step === 1 ? count === 1 : count === 0;
    if (isNews) this.desk.watch(outletId, count > 0);
  }
}

const isShown = (codes: ShownCodes | null, code: LinkCode): codes is ShownCodes =>
  codes !== null && (code === 'qr' ? codes.qr.qr : codes.code.pairingCode) !== null;
