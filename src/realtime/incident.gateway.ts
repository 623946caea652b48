import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import { EventBus, type IncidentFact } from '../common/event-bus.js';
import type { RealtimeServer } from './dashboard-socket.js';
import { ALL_OUTLETS, outletRoom } from './rooms.js';

/** Tells whoever may see one of an incident's outlets that there is something to read of it; what, they ask for. */
@WebSocketGateway()
export class IncidentGateway implements OnGatewayInit<RealtimeServer> {
  constructor(private readonly bus: EventBus) {}

  afterInit(server: RealtimeServer): void {
    const tell =
      (open: boolean) =>
      ({ incidentId, outletIds }: IncidentFact): void => {
        server.to([ALL_OUTLETS, ...outletIds.map(outletRoom)]).emit('incident:changed', { incidentId, open });
      };
    this.bus.on('incident.opened', tell(true));
    this.bus.on('incident.changed', tell(true));
    this.bus.on('incident.closed', tell(false));
  }
}
