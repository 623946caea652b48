import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayInit,
} from '@nestjs/websockets';
import type { OnModuleDestroy } from '@nestjs/common';
import { LOCALES } from '@koneksi/contracts/reason-texts';
import { sayChange, saySnapshot } from '@koneksi/contracts/status-facts';
import { ResumeRequest, type ResumeAnswer, type StatusSeen, type StoreChange } from '@koneksi/contracts/realtime';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { Gate } from '../common/gate.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';
import { StatusBoard } from '../status-log/status-board.js';
import { StatusLog } from '../status-log/status-log.js';
import { refuse, type Admitted, type RealtimeServer, type RealtimeSocket } from './dashboard-socket.js';
import { ALL_OUTLETS, localeRoom, outletRoom } from './rooms.js';
import { SeenPortions } from './seen-portions.js';

/** Pushes what the journal committed: a snapshot first, then every change, and on request what was missed. */
@WebSocketGateway()
export class StatusGateway
  implements OnGatewayInit<RealtimeServer>, OnGatewayConnection<RealtimeSocket>, OnModuleDestroy
{
  /** No change can be told while nothing can be committed; that much is told. */
  private store: StoreChange = { available: true, at: new Date().toISOString() };

  private seen: SeenPortions | undefined;

  /** A thousand changes at a time are read and written out for each. */
  private readonly resumes = new Gate({ atOnce: 3, waiting: 250, patienceMs: 20_000 });

  constructor(
    private readonly board: StatusBoard,
    private readonly log: StatusLog,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.bus.on('outlet-status.changed', (change) => {
      for (const locale of LOCALES) {
        if (!server.sockets.adapter.rooms.has(localeRoom(locale))) continue;
        const others = LOCALES.filter((other) => other !== locale).map(localeRoom);
        const readers = server.to([ALL_OUTLETS, outletRoom(change.status.outletId)]).except(others);
        readers.emit('outlet-status:changed', sayChange(change, locale));
      }
    });
    this.bus.on('outlet-status.removed', (removal) => {
      server.to([ALL_OUTLETS, outletRoom(removal.outletId)]).emit('outlet-status:removed', removal);
    });
    this.seen = new SeenPortions((outletIds) => this.tellSeen(server, outletIds));
    this.bus.on('outlet-status.seen', ({ lastSeen }) => this.seen?.add(Object.keys(lastSeen)));
    // Their cursors are of a log that is no more; whoever comes back gets a snapshot.
    this.bus.on('status-board.replaced', () => server.disconnectSockets(true));
    const tellStore = (available: boolean): void => {
      this.store = { available, at: new Date().toISOString() };
      server.emit('store:changed', this.store);
    };
    this.bus.on('store.lost', () => tellStore(false));
    this.bus.on('store.back', () => tellStore(true));
  }

  onModuleDestroy(): void {
    this.seen?.end();
  }

  handleConnection(socket: RealtimeSocket): void {
    const { caller, locale } = socket.data;
    socket.emit('outlet-status:snapshot', saySnapshot(this.board.snapshot(caller), locale));
    socket.emit('store:changed', this.store);
  }

  @SubscribeMessage('outlet-status:resume')
  async resume(@ConnectedSocket() socket: RealtimeSocket, @MessageBody() body: unknown): Promise<ResumeAnswer> {
    const request = ResumeRequest.safeParse(body);
    if (!request.success) return refuse('VALIDATION_FAILED', 'cursor must be a whole number, 0 or more');
    try {
      return await this.resumes.pass(socket.data.caller.id, () => this.missed(socket.data, request.data.cursor));
    } catch (error) {
      if (error instanceof TooManyAttempts) return refuse('TOO_MANY_ATTEMPTS', 'too many at once; wait a moment');
      return refuse('STORE_DOWN', 'the database does not answer; try again');
    }
  }

  /** As the board knows them now: by then a change may have told of later signs of life, and outlets may be gone. */
  private tellSeen(server: RealtimeServer, outletIds: readonly string[]): void {
    const at = new Date(this.clock.wall()).toISOString();
    const lastSeen: StatusSeen['lastSeen'] = {};
    for (const outletId of outletIds) {
      const seenAt = this.board.status(outletId)?.session.lastSeen;
      if (!seenAt) continue;
      lastSeen[outletId] = seenAt;
      if (!server.sockets.adapter.rooms.has(outletRoom(outletId))) continue;
      server.to(outletRoom(outletId)).emit('outlet-status:seen', { at, lastSeen: { [outletId]: seenAt } });
    }
    server.to(ALL_OUTLETS).emit('outlet-status:seen', { at, lastSeen });
  }

  private async missed({ caller, locale }: Admitted, cursor: number): Promise<ResumeAnswer> {
    const snapshot = this.board.snapshot(caller);
    const changes = await this.log.since(caller.outletIds, cursor, snapshot.cursor);
    if (!changes) return { success: true, cursor: snapshot.cursor, snapshot: saySnapshot(snapshot, locale) };
    return { success: true, cursor: snapshot.cursor, changes: changes.map((change) => sayChange(change, locale)) };
  }
}
