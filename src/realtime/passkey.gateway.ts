import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import { includesRole } from '../auth/rights.js';
import { EventBus } from '../common/event-bus.js';
import type { RealtimeServer } from './dashboard-socket.js';
import { qrRoom } from './rooms.js';

/** Tells admins who watch an outlet where linking it by a passkey stands; what is asked for they read by REST. */
@WebSocketGateway()
export class PasskeyGateway implements OnGatewayInit<RealtimeServer> {
  constructor(private readonly bus: EventBus) {}

  afterInit({ sockets: { adapter, sockets } }: RealtimeServer): void {
    this.bus.on('outlet-passkey.changed', (change) => {
      for (const id of adapter.rooms.get(qrRoom(change.outletId)) ?? []) {
        const socket = sockets.get(id);
        if (socket && includesRole(socket.data.caller.role, 'ADMIN')) socket.emit('outlet-passkey:changed', change);
      }
    });
  }
}
