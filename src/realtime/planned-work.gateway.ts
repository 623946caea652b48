import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import { isInScope } from '../alerts/domain/scope.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { StatusBoard } from '../status-log/status-board.js';
import type { RealtimeServer } from './dashboard-socket.js';
import { ALL_OUTLETS, outletRoom } from './rooms.js';

/** Tells whoever may see one of the outlets that other work is planned for it: what is down then was expected. */
@WebSocketGateway()
export class PlannedWorkGateway implements OnGatewayInit<RealtimeServer> {
  constructor(
    private readonly bus: EventBus,
    private readonly board: StatusBoard,
    private readonly clock: Clock,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.bus.on('planned-work.changed', ({ scopes }) => {
      const rooms = [...this.board.all()]
        .filter(({ outletId, outlet: { city } }) => scopes.some((scope) => isInScope({ outletId, city }, scope)))
        .map(({ outletId }) => outletRoom(outletId));
      const at = new Date(this.clock.wall()).toISOString();
      server.to([ALL_OUTLETS, ...rooms]).emit('planned-work:changed', { at });
    });
  }
}
