import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import type { RealtimeServer } from './dashboard-socket.js';
import { SUPERADMINS } from './rooms.js';

/** Tells whoever runs Koneksi that there is something to read of its nodes; each node tells its own pages. */
@WebSocketGateway()
export class NodeGateway implements OnGatewayInit<RealtimeServer> {
  constructor(
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.bus.on('nodes.changed', () => {
      server.to(SUPERADMINS).emit('nodes:changed', { at: new Date(this.clock.wall()).toISOString() });
    });
  }
}
