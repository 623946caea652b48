import { Logger } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { LINK_CODES, type LinkCode } from '@koneksi/contracts/link-audit';
import {
  WatchQrRequest,
  type QrChange,
  type Refusal,
  type UnwatchQrAnswer,
  type WatchQrAnswer,
} from '@koneksi/contracts/realtime';
import { hasScope, maySee } from '../auth/caller.js';
import { EventBus } from '../common/event-bus.js';
import { LinkAudit } from '../wa-session/link-audit.js';
import type { SessionActor } from '../wa-session/session-actor.js';
import { SessionRegistry } from '../wa-session/session-registry.js';
import { refuse, type RealtimeServer, type RealtimeSocket } from './dashboard-socket.js';
import { outletWatchedIn, qrRoom } from './rooms.js';

/** Shows QRs and pairing codes to those who watch an outlet they may see, each only once it is on record that they were. */
@WebSocketGateway()
export class QrGateway implements OnGatewayInit<RealtimeServer> {
  private readonly logger = new Logger('Realtime');

  constructor(
    private readonly registry: SessionRegistry,
    private readonly audit: LinkAudit,
    private readonly bus: EventBus,
  ) {}

  afterInit(server: RealtimeServer): void {
    const tell = (code: LinkCode, outletId: string): void => {
      for (const id of server.sockets.adapter.rooms.get(qrRoom(outletId)) ?? []) {
        const socket = server.sockets.sockets.get(id);
        if (socket) this.show(socket, outletId, code);
      }
    };
    this.bus.on('outlet-qr.changed', ({ outletId }) => tell('qr', outletId));
    this.bus.on('outlet-pairing-code.changed', ({ outletId }) => tell('pairing-code', outletId));
    this.followWatchers(server);
  }

  @SubscribeMessage('outlet-qr:watch')
  async watchQr(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<WatchQrAnswer> {
    const actor = this.actorFor(socket, body);
    if ('success' in actor) return actor;
    await socket.join(qrRoom(actor.outletId));
    try {
      // Meanwhile another round may have begun.
      for (let unseen = this.unseen(socket, actor); unseen; unseen = this.unseen(socket, actor))
        await this.audit.record(socket.data.caller, actor, unseen);
    } catch {
      await socket.leave(qrRoom(actor.outletId));
      return refuse('STORE_DOWN', 'the database does not answer; try again');
    }
    const { pairingCode, expiresAt: pairingCodeExpiresAt, refusal: pairingCodeRefusal } = actor.code;
    const isAsked = pairingCode !== null || pairingCodeRefusal !== null;
    const code = isAsked && { pairingCode, pairingCodeExpiresAt, pairingCodeRefusal };
    return { success: true, ...shownBy(actor), ...code };
  }

  @SubscribeMessage('outlet-qr:unwatch')
  async unwatchQr(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<UnwatchQrAnswer> {
    const actor = this.actorFor(socket, body);
    if ('success' in actor) return actor;
    await socket.leave(qrRoom(actor.outletId));
    return { success: true };
  }

  /** What a caller may not see does not exist for them. */
  private actorFor(socket: RealtimeSocket, body: unknown): SessionActor | Refusal {
    const request = WatchQrRequest.safeParse(body);
    if (!request.success) return refuse('VALIDATION_FAILED', 'outletId must be an outlet’s id');
    if (!hasScope(socket.data.caller, 'links:write')) return refuse('SCOPE_MISSING', 'the key lacks links:write');
    const actor = this.registry.find(request.data.outletId);
    return actor && maySee(socket.data.caller, actor.outletId)
      ? actor
      : refuse('OUTLET_NOT_FOUND', 'no such outlet for this caller');
  }

  /** What is on show that this caller is not yet on record to have seen. */
  private unseen({ data: { caller } }: RealtimeSocket, actor: SessionActor): LinkCode | undefined {
    return LINK_CODES.find((code) => isShown(actor, code) && !this.audit.has(caller, actor, code));
  }

  /** In the same turn where it may be; else what is shown once the record is written. */
  private show(socket: RealtimeSocket, outletId: string, code: LinkCode): void {
    const { caller } = socket.data;
    const actor = this.registry.find(outletId);
    if (!actor) return;
    if (!isShown(actor, code) || this.audit.has(caller, actor, code)) {
      if (code === 'qr') socket.emit('outlet-qr:changed', shownBy(actor));
      else socket.emit('outlet-pairing-code:changed', actor.code);
      return;
    }
    this.audit.record(caller, actor, code).then(
      () => {
        if (isShown(actor, code) && socket.rooms.has(qrRoom(outletId))) this.show(socket, outletId, code);
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : 'unknown error';
        this.logger.warn(`A ${code} of outlet ${outletId} was not shown, as that could not be recorded: ${reason}`);
      },
    );
  }

  /** A QR nobody watches is not renewed for ever. */
  private followWatchers(server: RealtimeServer): void {
    const tell = (room: string, watched: boolean): void => {
      const outletId = outletWatchedIn(room);
      if (outletId !== null) this.registry.find(outletId)?.post({ type: 'watched', watched });
    };
    server.sockets.adapter.on('create-room', (room: string) => tell(room, true));
    server.sockets.adapter.on('delete-room', (room: string) => tell(room, false));
  }
}

const isShown = (actor: SessionActor, code: LinkCode): boolean =>
  code === 'qr' ? actor.qr !== null : actor.code.pairingCode !== null;

function shownBy({ outletId, qr }: SessionActor): QrChange {
  return { outletId, qr: qr?.text ?? null, expiresAt: qr ? new Date(qr.expiresAt).toISOString() : null };
}
