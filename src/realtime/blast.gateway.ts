import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayInit,
} from '@nestjs/websockets';
import type { BlastProgress } from '@koneksi/contracts/blasts';
import { WatchBlastRequest, type UnwatchBlastAnswer, type WatchBlastAnswer } from '@koneksi/contracts/realtime';
import { hasScope } from '../auth/caller.js';
import { BlastReader, visibleProgress } from '../blast/blast-reader.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { refuse, type RealtimeServer, type RealtimeSocket } from './dashboard-socket.js';
import { ALL_OUTLETS, blastRoom, outletRoom, WITHOUT_BLASTS } from './rooms.js';

/** Pushes how blasts go: to each socket what its outlets have part in. Who a socket is was settled at its handshake. */
@WebSocketGateway()
export class BlastGateway implements OnGatewayInit<RealtimeServer> {
  constructor(
    private readonly reader: BlastReader,
    private readonly bus: EventBus,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.bus.on('blast.progressed', (progress) => {
      server.to(ALL_OUTLETS).except(WITHOUT_BLASTS).emit('blast:progressed', progress);
      for (const socket of socketsOfOutlets(server, progress)) {
        const visible = visibleProgress(progress, socket.data.caller);
        if (visible && hasScope(socket.data.caller, 'blasts:read')) socket.emit('blast:progressed', visible);
      }
    });
    this.bus.on('blast-recipients.changed', (changes) => {
      server.to(blastRoom(changes.blastId, changes.outletId)).emit('blast-recipients:changed', changes);
    });
  }

  @SubscribeMessage('blast:watch')
  async watch(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<WatchBlastAnswer> {
    const request = WatchBlastRequest.safeParse(body);
    if (!request.success) return refuse('VALIDATION_FAILED', 'blastId must be a blast’s id');
    if (!hasScope(socket.data.caller, 'blasts:read')) return refuse('SCOPE_MISSING', 'the key lacks blasts:read');
    try {
      const { outlets } = await this.reader.require(socket.data.caller, request.data.blastId);
      // Rooms first, then the blast: what changes in between is told twice rather than never.
      await socket.join(outlets.map(({ outletId }) => blastRoom(request.data.blastId, outletId)));
      return { success: true, blast: await this.reader.require(socket.data.caller, request.data.blastId) };
    } catch (error) {
      return error instanceof DomainError
        ? refuse(error.code, error.message)
        : refuse('STORE_DOWN', 'the database does not answer; try again');
    }
  }

  @SubscribeMessage('blast:unwatch')
  async unwatch(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<UnwatchBlastAnswer> {
    const request = WatchBlastRequest.safeParse(body);
    if (!request.success) return refuse('VALIDATION_FAILED', 'blastId must be a blast’s id');
    const ofBlast = blastRoom(request.data.blastId, '');
    for (const room of socket.rooms) if (room.startsWith(ofBlast)) await socket.leave(room);
    return { success: true };
  }
}

/** Sockets that see some outlets only, and one of these. */
function socketsOfOutlets(server: RealtimeServer, { outlets }: BlastProgress): Set<RealtimeSocket> {
  const { rooms } = server.sockets.adapter;
  const ids = outlets.flatMap(({ outletId }) => [...(rooms.get(outletRoom(outletId)) ?? [])]);
  return new Set(ids.flatMap((id) => server.sockets.sockets.get(id) ?? []));
}
