import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import type { RecordKind } from '@koneksi/contracts/realtime';
import { EventBus } from '../common/event-bus.js';
import type { RealtimeServer } from './dashboard-socket.js';
import { ADMINS, ALL_OUTLETS, API_KEYS, outletRoom, SUPERADMINS } from './rooms.js';

/** Who may read some of a kind: those of a room, everybody, or whoever sees the outlets it is of. */
const READERS: Record<RecordKind, string | 'everybody' | 'its outlets'> = {
  user: SUPERADMINS,
  'api-key': ADMINS,
  webhook: ADMINS,
  'alert-rule': ADMINS,
  'push-subscription': ADMINS,
  'reconnect-link': 'its outlets',
  'saved-message': 'everybody',
  'repeating-blast': 'everybody',
  'blast-policy': 'everybody',
};

/** Tells open pages that somebody changed what they may show; what it is by now, each asks for with its own rights. */
@WebSocketGateway()
export class RecordsGateway implements OnGatewayInit<RealtimeServer> {
  constructor(private readonly bus: EventBus) {}

  afterInit(server: RealtimeServer): void {
    this.bus.on('records.changed', ({ kind, outletIds }) => {
      server.to(roomsOf(READERS[kind], outletIds)).except(API_KEYS).emit('records:changed', { kind });
    });
  }
}

function roomsOf(readers: string, outletIds: readonly string[]): string[] {
  if (readers === 'everybody') return [];
  return readers === 'its outlets' ? [ALL_OUTLETS, ...outletIds.map(outletRoom)] : [readers];
}
