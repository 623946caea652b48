import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { WatchQrRequest, type Refusal, type UnwatchQrAnswer, type WatchQrAnswer } from '@koneksi/contracts/realtime';
import { hasScope, maySee } from '../auth/caller.js';
import { SessionDesk, type ShownCodes } from '../wa-session/desk/session-desk.js';
import { CodeShow } from './code-show.js';
import { refuse, type RealtimeServer, type RealtimeSocket } from './dashboard-socket.js';
import { qrRoom } from './rooms.js';

/** Shows QRs and pairing codes to those who watch an outlet they may see. */
@WebSocketGateway()
export class QrGateway implements OnGatewayInit<RealtimeServer> {
  constructor(
    private readonly desk: SessionDesk,
    private readonly codes: CodeShow,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.codes.serve(server.sockets);
  }

  @SubscribeMessage('outlet-qr:watch')
  async watchQr(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<WatchQrAnswer> {
    const found = this.codesFor(socket, body);
    if ('success' in found) return found;
    const { outletId } = found;
    await socket.join(qrRoom(outletId));
    try {
      await this.codes.record(socket, outletId);
    } catch {
      await socket.leave(qrRoom(outletId));
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
    const found = this.codesFor(socket, body);
    if ('success' in found) return found;
    await socket.leave(qrRoom(found.outletId));
    return { success: true };
  }

  /** What a caller may not see does not exist for them. */
  private codesFor(socket: RealtimeSocket, body: unknown): ShownCodes | Refusal {
    const request = WatchQrRequest.safeParse(body);
    if (!request.success) return refuse('VALIDATION_FAILED', 'outletId must be an outlet’s id');
    if (!hasScope(socket.data.caller, 'links:write')) return refuse('SCOPE_MISSING', 'the key lacks links:write');
    const codes = this.desk.codes(request.data.outletId);
    return codes && maySee(socket.data.caller, codes.outletId) ? codes : noSuchOutlet();
  }
}

const noSuchOutlet = (): Refusal => refuse('OUTLET_NOT_FOUND', 'no such outlet for this caller');
