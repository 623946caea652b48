import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { HttpAdapterHost } from '@nestjs/core';
import { ConnectRequest } from '@koneksi/contracts/outlets';
import {
  LINK_CLIENT_EVENTS,
  LINK_NAMESPACE,
  type LinkClientEvents,
  type LinkConnectAnswer,
  type LinkServerEvents,
} from '@koneksi/contracts/reconnect-links';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import type { Request } from 'express';
import type { Namespace, Socket } from 'socket.io';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { ClusterBus } from '../cluster/cluster-bus.js';
import { EventBus } from '../common/event-bus.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';
import { toLinkedOutlet } from '../reconnect-links/link-facts.js';
import { LinkVisits, type LinkVisitor } from '../reconnect-links/link-visits.js';
import { StatusBoard } from '../status-log/status-board.js';
import { CodeShow } from './code-show.js';
import { refuse } from './dashboard-socket.js';
import { Entering } from './entering.js';
import { limitPackets, mayAskToEnter } from './packet-limit.js';
import { linkRoom, outletRoom, qrRoom } from './rooms.js';
import { cutAt, hangUpAfter } from './socket-end.js';

type LinkNamespace = Namespace<LinkClientEvents, LinkServerEvents, Record<never, never>, LinkVisitor>;
type LinkSocket = Socket<LinkClientEvents, LinkServerEvents, Record<never, never>, LinkVisitor>;

const KNOWN: ReadonlySet<string> = new Set(Object.keys(LINK_CLIENT_EVENTS));
/** A shop opens it on a phone and a till; a page that reconnects may overlap itself. */
const SOCKETS_PER_LINK = 5;

/**
 * The door for those who have a reconnect link and no account: a namespace of its own, which nothing of the dashboard
 * is ever sent to. They hear of one outlet's state, QR and code, may ask to connect it, and are shown out with the link.
 */
@WebSocketGateway({ namespace: LINK_NAMESPACE })
export class LinkGateway implements OnGatewayInit<LinkNamespace>, OnGatewayConnection<LinkSocket> {
  private readonly entering = new Entering();

  constructor(
    private readonly visits: LinkVisits,
    private readonly codes: CodeShow,
    private readonly board: StatusBoard,
    private readonly bus: EventBus,
    private readonly clock: Clock,
    private readonly http: HttpAdapterHost,
    private readonly cluster: ClusterBus,
  ) {}

  afterInit(namespace: LinkNamespace): void {
    namespace.use((socket, next) => {
      if (!mayAskToEnter(socket)) return void socket.conn.close();
      this.entering.begin(socket);
      const answer = (refusal?: Error): void => {
        if (refusal) this.entering.end(socket);
        next(refusal);
      };
      this.admit(socket).then(answer, () => answer(new Error('STORE_DOWN')));
    });
    this.codes.serve(namespace);
    this.bus.on('outlet-status.changed', ({ status, at }) => {
      namespace.to(outletRoom(status.outletId)).emit('reconnect-link:changed', toLinkedOutlet(status, at));
    });
    this.bus.on('reconnect-link.ended', ({ linkIds }) => {
      for (const id of linkIds) {
        this.entering.shutOut(id);
        namespace.in(linkRoom(id)).disconnectSockets(true);
      }
    });
    // Which links ended meanwhile nobody told us; whose did not comes back.
    this.cluster.onGap(() => namespace.disconnectSockets(true));
    this.bus.on('outlet.removed', ({ outletId }) => namespace.in(outletRoom(outletId)).disconnectSockets(true));
  }

  handleConnection(socket: LinkSocket): void {
    const { caller, outletId, expiresAt } = socket.data;
    const status = this.board.status(outletId);
    const isOver = this.entering.isShutOut(socket, caller.id);
    this.entering.end(socket);
    if (isOver || !status) return void socket.disconnect(true);
    void socket.join([outletRoom(outletId), qrRoom(outletId)]);
    limitPackets(socket, KNOWN);
    hangUpAfter(socket);
    cutAt(socket, expiresAt, this.clock);
    this.greet(socket, status);
  }

  @SubscribeMessage('reconnect-link:connect')
  async connect(@ConnectedSocket() socket: LinkSocket, @MessageBody() body: unknown): Promise<LinkConnectAnswer> {
    const request = ConnectRequest.safeParse(body);
    if (!request.success) return refuse('VALIDATION_FAILED', 'method must be qr or pairing-code');
    try {
      await this.visits.connect(socket.data, request.data.method);
      return { success: true };
    } catch (error) {
      if (error instanceof DomainError) return refuse(error.code, error.message);
      return refuse('STORE_DOWN', 'the database does not answer; try again');
    }
  }

  private greet(socket: LinkSocket, status: StatusFacts): void {
    const at = new Date(this.clock.wall()).toISOString();
    socket.emit('reconnect-link:changed', toLinkedOutlet(status, at));
    this.codes.show(socket, status.outletId, 'qr');
    this.codes.show(socket, status.outletId, 'pairing-code');
  }

  private async admit(socket: LinkSocket): Promise<Error | undefined> {
    const { token } = socket.handshake.auth as { token?: unknown };
    try {
      const visitor = await this.visits.find(typeof token === 'string' ? token : '', this.addressOf(socket));
      if (!visitor) return new Error('LINK_GONE');
      const room = linkRoom(visitor.caller.id);
      if ((socket.nsp.adapter.rooms.get(room)?.size ?? 0) >= SOCKETS_PER_LINK) return new Error('TOO_MANY_CONNECTIONS');
      socket.data = visitor;
      await socket.join(room);
      await this.visits.noteOpened(visitor);
      return undefined;
    } catch (error) {
      if (error instanceof TooManyAttempts) return new Error('TOO_MANY_ATTEMPTS');
      throw error;
    }
  }

  /** Where a socket comes from, by the rule that holds for requests: only proxies that are trusted may say. */
  private addressOf({ request: { headers, socket } }: LinkSocket): string {
    const { request } = this.http.httpAdapter.getInstance<{ request: Request }>();
    const asked = Object.create(request, { headers: { value: headers }, socket: { value: socket } }) as Request;
    return asked.ip ?? '';
  }
}
