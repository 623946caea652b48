import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import { LOCALES } from '@koneksi/contracts/reason-texts';
import { WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import { Authenticator } from '../auth/authenticator.js';
import { hasScope } from '../auth/caller.js';
import { includesRole } from '../auth/rights.js';
import { ClusterBus } from '../cluster/cluster-bus.js';
import { Membership } from '../cluster/membership.js';
import { EventBus } from '../common/event-bus.js';
import { Clock } from '../common/clock.js';
import { localeOf } from '../common/locale.js';
import { Config } from '../config/config.js';
import type { RealtimeServer, RealtimeSocket } from './dashboard-socket.js';
import { Entering } from './entering.js';
import { limitPackets, mayAskToEnter } from './packet-limit.js';
import {
  ADMINS,
  ALL_OUTLETS,
  API_KEYS,
  callerRoom,
  localeRoom,
  outletRoom,
  SUPERADMINS,
  WITHOUT_BLASTS,
} from './rooms.js';
import { cutAt, hangUpAfter } from './socket-end.js';

/**
 * The one door for the sockets of those who have an account. Who a socket is gets settled at its handshake, the server
 * alone puts it into rooms, and it is cut the moment its token ends or its rights change. The other gateways meet only
 * sockets that came through here.
 */
@WebSocketGateway()
export class AdmissionGateway implements OnGatewayInit<RealtimeServer>, OnGatewayConnection<RealtimeSocket> {
  private readonly logger = new Logger('Realtime');
  private readonly entering = new Entering();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly bus: EventBus,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly cluster: ClusterBus,
    private readonly membership: Membership,
  ) {}

  afterInit(server: RealtimeServer): void {
    server.use((socket, next) => {
      if (!mayAskToEnter(socket)) return void socket.conn.close();
      this.entering.begin(socket);
      this.admit(socket)
        .finally(() => this.entering.end(socket))
        .then(next, () => next(new Error('STORE_DOWN')));
    });
    this.bus.on('access.changed', ({ callerId }) => {
      this.entering.shutOut(callerId);
      server.in(callerRoom(callerId)).disconnectSockets(true);
      this.logger.debug(`Sockets of ${callerId} were cut: their rights changed`);
    });
    // Whose rights changed meanwhile nobody told us.
    this.cluster.onGap(() => {
      for (const socket of server.sockets.sockets.values()) void this.admitAgain(socket);
    });
  }

  handleConnection(socket: RealtimeSocket): void {
    const { caller, expiresAt, locale } = socket.data;
    void socket.join(localeRoom(locale));
    void socket.join(caller.outletIds === 'all' ? ALL_OUTLETS : caller.outletIds.map(outletRoom));
    if (includesRole(caller.role, 'ADMIN')) void socket.join(ADMINS);
    if (caller.kind === 'api-key') void socket.join(API_KEYS);
    if (caller.role === 'SUPERADMIN') void socket.join(SUPERADMINS);
    if (!hasScope(caller, 'blasts:read')) void socket.join(WITHOUT_BLASTS);
    limitPackets(socket);
    hangUpAfter(socket);
    if (expiresAt) cutAt(socket, expiresAt, this.clock);
  }

  /** Cuts a socket that would not be let in any more, or not as what it is. */
  private async admitAgain(socket: RealtimeSocket): Promise<void> {
    const { token } = socket.handshake.auth as { token: string };
    const now = await this.authenticator.authenticate(token).catch(() => null);
    if (!isDeepStrictEqual(now?.caller, socket.data.caller)) socket.disconnect(true);
  }

  private async admit(socket: RealtimeSocket): Promise<Error | undefined> {
    const { token, locale } = socket.handshake.auth as { token?: unknown; locale?: unknown };
    if (typeof token !== 'string' || token.length > 4_096) return new Error('UNAUTHENTICATED');
    const authenticated = await this.authenticator.authenticate(token);
    if (!authenticated) return new Error('UNAUTHENTICATED');
    if (authenticated.caller.mustChangePassword) return new Error('PASSWORD_CHANGE_REQUIRED');
    // The snapshot of statuses is what every socket gets.
    if (!hasScope(authenticated.caller, 'status:read')) return new Error('SCOPE_MISSING');
    if (this.entering.isShutOut(socket, authenticated.caller.id)) return new Error('UNAUTHENTICATED');
    // Joined in the turn that counted: of many handshakes at once none slips past. One that then fails leaves again.
    const room = callerRoom(authenticated.caller.id);
    const open = socket.nsp.adapter.rooms.get(room)?.size ?? 0;
    // Each node lets in its part, so that nobody has more by knocking at several.
    if (open >= Math.max(1, Math.floor(this.config.socketsPerCaller / this.membership.nodes)))
      return new Error('TOO_MANY_CONNECTIONS');
    // A browser names its languages by itself, at the handshake as with every request.
    const spoken = LOCALES.find((known) => known === locale) ?? localeOf(socket.handshake.headers['accept-language']);
    socket.data = { ...authenticated, locale: spoken };
    await socket.join(room);
    return undefined;
  }
}
