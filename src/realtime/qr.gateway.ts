import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { WatchQrRequest, type Refusal, type UnwatchQrAnswer, type WatchQrAnswer } from '@koneksi/contracts/realtime';
import { hasScope, maySee } from '../auth/caller.js';
import type { SessionActor } from '../wa-session/session-actor.js';
import { SessionRegistry } from '../wa-session/session-registry.js';
import { CodeShow, shownBy } from './code-show.js';
import { refuse, type RealtimeServer, type RealtimeSocket } from './dashboard-socket.js';
import { qrRoom } from './rooms.js';

/** Shows QRs and pairing codes to those who watch an outlet they may see. */
@WebSocketGateway()
export class QrGateway implements OnGatewayInit<RealtimeServer> {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly codes: CodeShow,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.codes.serve(server.sockets);
  }

  @SubscribeMessage('outlet-qr:watch')
  async watchQr(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<WatchQrAnswer> {
    const actor = this.actorFor(socket, body);
    if ('success' in actor) return actor;
    await socket.join(qrRoom(actor.outletId));
    try {
      await this.codes.record(socket, actor);
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
}
