import { Logger } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { ResumeRequest, type ResumeAnswer, type StoreChange } from '@koneksi/contracts/realtime';
import { Authenticator } from '../auth/authenticator.js';
import { Config } from '../config/config.js';
import { EventBus } from '../common/event-bus.js';
import { StatusBoard } from '../outlet-status/status-board.js';
import { StatusLog } from '../outlet-status/status-log.js';
import { refuse, type RealtimeServer, type RealtimeSocket } from './dashboard-socket.js';
import { ALL_OUTLETS, callerRoom, outletRoom } from './rooms.js';
import { limitPackets, mayAskToEnter } from './packet-limit.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Pushes what the journal committed. Who a socket is was settled at its handshake, the server alone puts it into rooms,
 * and it is cut the moment its token ends or its rights change.
 */
@WebSocketGateway()
export class StatusGateway implements OnGatewayInit<RealtimeServer>, OnGatewayConnection<RealtimeSocket> {
  private readonly logger = new Logger('Realtime');
  /** When each caller's rights last changed, so that a handshake under way cannot slip past a change. */
  private readonly accessChanges = new Map<string, number>();
  private accessClock = 0;
  /** No change can be told while nothing can be committed; that much is told. */
  private store: StoreChange = { available: true, at: new Date().toISOString() };

  constructor(
    private readonly authenticator: Authenticator,
    private readonly board: StatusBoard,
    private readonly log: StatusLog,
    private readonly bus: EventBus,
    private readonly config: Config,
  ) {}

  afterInit(server: RealtimeServer): void {
    server.use((socket, next) => {
      if (!mayAskToEnter(socket)) return void socket.conn.close();
      this.admit(socket).then(next, () => next(new Error('STORE_DOWN')));
    });
    this.forwardFacts(server);
  }

  handleConnection(socket: RealtimeSocket): void {
    const { caller, expiresAt } = socket.data;
    void socket.join(caller.outletIds === 'all' ? ALL_OUTLETS : caller.outletIds.map(outletRoom));
    limitPackets(socket);
    // Whoever left would be counted no more and keep the connection.
    socket.once('disconnect', () => socket.conn.close());
    if (expiresAt) {
      const left = Math.min(LONGEST_TIMER_MS, Math.max(0, expiresAt.getTime() - Date.now()));
      const end = setTimeout(() => socket.disconnect(true), left);
      socket.once('disconnect', () => clearTimeout(end));
    }
    socket.emit('outlet-status:snapshot', this.board.snapshot(caller));
    socket.emit('store:changed', this.store);
  }

  @SubscribeMessage('outlet-status:resume')
  async resume(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<ResumeAnswer> {
    const request = ResumeRequest.safeParse(body);
    if (!request.success) return refuse('VALIDATION_FAILED', 'cursor must be a whole number, 0 or more');
    const { caller } = socket.data;
    const snapshot = this.board.snapshot(caller);
    try {
      const changes = await this.log.since(caller, request.data.cursor, snapshot.cursor);
      if (changes) return { success: true, cursor: snapshot.cursor, changes };
      return { success: true, cursor: snapshot.cursor, snapshot };
    } catch {
      return refuse('STORE_DOWN', 'the database does not answer; try again');
    }
  }

  private async admit(socket: RealtimeSocket): Promise<Error | undefined> {
    const { token } = socket.handshake.auth as { token?: unknown };
    if (typeof token !== 'string' || token.length > 4_096) return new Error('UNAUTHENTICATED');
    const before = this.accessClock;
    const authenticated = await this.authenticator.authenticate(token);
    if (!authenticated) return new Error('UNAUTHENTICATED');
    if ((this.accessChanges.get(authenticated.caller.id) ?? 0) > before) return new Error('UNAUTHENTICATED');
    // Joined in the turn that counted: of many handshakes at once none slips past. One that then fails leaves again.
    const room = callerRoom(authenticated.caller.id);
    const open = socket.nsp.adapter.rooms.get(room)?.size ?? 0;
    if (open >= this.config.socketsPerCaller) return new Error('TOO_MANY_CONNECTIONS');
    socket.data = authenticated;
    await socket.join(room);
    return undefined;
  }

  private forwardFacts(server: RealtimeServer): void {
    this.bus.on('outlet-status.changed', (change) => {
      server.to([ALL_OUTLETS, outletRoom(change.status.outletId)]).emit('outlet-status:changed', change);
    });
    this.bus.on('outlet-status.removed', (removal) => {
      server.to([ALL_OUTLETS, outletRoom(removal.outletId)]).emit('outlet-status:removed', removal);
    });
    this.bus.on('outlet-status.seen', ({ at, lastSeen }) => {
      server.to(ALL_OUTLETS).emit('outlet-status:seen', { at, lastSeen });
      for (const [outletId, seenAt] of Object.entries(lastSeen)) {
        if (!server.sockets.adapter.rooms.has(outletRoom(outletId))) continue;
        server.to(outletRoom(outletId)).emit('outlet-status:seen', { at, lastSeen: { [outletId]: seenAt } });
      }
    });
    const tellStore = (available: boolean): void => {
      this.store = { available, at: new Date().toISOString() };
      server.emit('store:changed', this.store);
    };
    this.bus.on('store.lost', () => tellStore(false));
    this.bus.on('store.back', () => tellStore(true));
    this.bus.on('access.changed', ({ callerId }) => {
      this.accessChanges.set(callerId, ++this.accessClock);
      server.in(callerRoom(callerId)).disconnectSockets(true);
      this.logger.debug(`Sockets of ${callerId} were cut: their rights changed`);
    });
  }
}
