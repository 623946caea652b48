import { Logger } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayInit,
} from '@nestjs/websockets';
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

/** Shows QRs to those who watch an outlet they may see, each only once it is on record that they were. */
@WebSocketGateway()
export class QrGateway implements OnGatewayInit<RealtimeServer> {
  private readonly logger = new Logger('Realtime');

  constructor(
    private readonly registry: SessionRegistry,
    private readonly audit: LinkAudit,
    private readonly bus: EventBus,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.bus.on('outlet-qr.changed', (change) => {
      for (const id of server.sockets.adapter.rooms.get(qrRoom(change.outletId)) ?? []) {
        const socket = server.sockets.sockets.get(id);
        if (socket) this.show(socket, change);
      }
    });
    this.followWatchers(server);
  }

  @SubscribeMessage('outlet-qr:watch')
  async watchQr(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<WatchQrAnswer> {
    const actor = this.actorFor(socket, body);
    if ('success' in actor) return actor;
    await socket.join(qrRoom(actor.outletId));
    try {
      // Meanwhile another round may have begun.
      while (actor.qr && !this.audit.has(socket.data.caller, actor, 'qr'))
        await this.audit.record(socket.data.caller, actor, 'qr');
    } catch {
      await socket.leave(qrRoom(actor.outletId));
      return refuse('STORE_DOWN', 'the database does not answer; try again');
    }
    return { success: true, ...shownBy(actor) };
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

  /** In the same turn where it may be; else what is shown once the record is written. */
  private show(socket: RealtimeSocket, change: QrChange): void {
    const { caller } = socket.data;
    const actor = this.registry.find(change.outletId);
    if (change.qr === null || (actor && this.audit.has(caller, actor, 'qr'))) {
      socket.emit('outlet-qr:changed', change);
      return;
    }
    if (!actor) return;
    this.audit.record(caller, actor, 'qr').then(
      () => {
        if (actor.qr && socket.rooms.has(qrRoom(change.outletId))) this.show(socket, shownBy(actor));
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : 'unknown error';
        this.logger.warn(`A QR of outlet ${change.outletId} was not shown, as that could not be recorded: ${reason}`);
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

function shownBy({ outletId, qr }: SessionActor): QrChange {
  return { outletId, qr: qr?.text ?? null, expiresAt: qr ? new Date(qr.expiresAt).toISOString() : null };
}
