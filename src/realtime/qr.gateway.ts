import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { WatchQrRequest, type Refusal, type UnwatchQrAnswer, type WatchQrAnswer } from '@koneksi/contracts/realtime';
import { hasScope, maySee } from '../auth/caller.js';
import { DomainError } from '../common/domain-error.js';
import { SessionDesk } from '../wa-session/desk/session-desk.js';
import { StatusBoard } from '../status-log/status-board.js';
import { CodeShow } from './code-show.js';
import { refuse, type RealtimeServer, type RealtimeSocket } from './dashboard-socket.js';
import { qrRoom } from './rooms.js';

/** Shows QRs and pairing codes to those who watch an outlet they may see. */
@WebSocketGateway()
export class QrGateway implements OnGatewayInit<RealtimeServer> {
  constructor(
    private readonly desk: SessionDesk,
    private readonly codes: CodeShow,
    private readonly board: StatusBoard,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.codes.serve(server.sockets);
  }

  @SubscribeMessage('outlet-qr:watch')
  async watchQr(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<WatchQrAnswer> {
    const asked = this.outletFor(socket, body);
    if (typeof asked !== 'string') return asked;
    const outletId = asked;
    try {
      if (!(await this.desk.look(outletId))) return noSuchOutlet();
      await socket.join(qrRoom(outletId));
      await this.codes.record(socket, outletId);
    } catch (error) {
      await socket.leave(qrRoom(outletId));
      if (error instanceof DomainError) return refuse(error.code, error.message);
      return refuse('STORE_DOWN', 'the database does not answer; try again');
    }
    const shown = this.desk.codes(outletId);
    if (!shown) return noSuchOutlet();
    const { pairingCode, expiresAt: pairingCodeExpiresAt, refusal: pairingCodeRefusal } = shown.code;
    const isAsked = pairingCode !== null || pairingCodeRefusal !== null;
    const code = isAsked && { pairingCode, pairingCodeExpiresAt, pairingCodeRefusal };
    return { success: true, ...shown.qr, ...code };
  }

  @SubscribeMessage('outlet-qr:unwatch')
  async unwatchQr(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<UnwatchQrAnswer> {
    const asked = this.outletFor(socket, body);
    if (typeof asked !== 'string') return asked;
    await socket.leave(qrRoom(asked));
    return { success: true };
  }

  /** What a caller may not see does not exist for them. */
  private outletFor(socket: RealtimeSocket, body: unknown): string | Refusal {
    const request = WatchQrRequest.safeParse(body);
    if (!request.success) return refuse('VALIDATION_FAILED', 'outletId must be an outlet’s id');
    if (!hasScope(socket.data.caller, 'links:write')) return refuse('SCOPE_MISSING', 'the key lacks links:write');
    const { outletId } = request.data;
    return this.board.status(outletId) && maySee(socket.data.caller, outletId) ? outletId : noSuchOutlet();
  }
}

const noSuchOutlet = (): Refusal => refuse('OUTLET_NOT_FOUND', 'no such outlet for this caller');
