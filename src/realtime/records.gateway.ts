import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import type { RecordKind } from '@koneksi/contracts/realtime';
import { EventBus, type Facts } from '../common/event-bus.js';
import type { RealtimeServer } from './dashboard-socket.js';
import { ADMINS, ALL_OUTLETS, API_KEYS, callerRoom, outletRoom, SUPERADMINS } from './rooms.js';

type Rooms = (whose: Facts['records.changed']) => string[];
const everybody: Rooms = () => [];
const admins: Rooms = () => [ADMINS];
const superadmins: Rooms = () => [SUPERADMINS];
const whoSeesThem: Rooms = ({ outletIds = [] }) => [ALL_OUTLETS, ...outletIds.map(outletRoom)];
const whoItIs: Rooms = ({ personId = 'nobody' }) => [callerRoom(personId)];

/** Who may read some of a kind. */
const READERS: Record<RecordKind, Rooms> = {
  profile: whoItIs,
  user: superadmins,
  'api-key': admins,
  webhook: admins,
  'alert-rule': admins,
  'push-subscription': admins,
  'reconnect-link': whoSeesThem,
  'saved-message': everybody,
  'repeating-blast': everybody,
  'blast-policy': everybody,
};

/** Tells open pages that somebody changed what they may show; what it is by now, each asks for with its own rights. */
@WebSocketGateway()
export class RecordsGateway implements OnGatewayInit<RealtimeServer> {
  constructor(private readonly bus: EventBus) {}

  afterInit(server: RealtimeServer): void {
    this.bus.on('records.changed', (whose) => {
      const { kind } = whose;
      server.to(READERS[kind](whose)).except(API_KEYS).emit('records:changed', { kind });
    });
  }
}
