import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { KeyEncryptionKey } from '../common/envelope.js';
import { Duties } from '../common/duties.js';
import { Config } from '../config/config.js';
import { ClusterBus, NobodyElse } from './cluster-bus.js';
import { EldestDuties } from './eldest-duties.js';
import { FactBridge } from './fact-bridge.js';
import { Membership } from './membership.js';
import { NatsWire } from './nats-wire.js';
import { NodeIdentity } from './node-identity.js';
import { NodeDrains } from './node-drains.js';
import { NodesController } from './nodes.controller.js';
import { PostgresWire } from './postgres-wire.js';
import { NodeRoster } from './roster.js';
import { WiredBus } from './wired-bus.js';

async function openBus(
  { database, bus: { natsUrl } }: Config,
  identity: NodeIdentity,
  key: KeyEncryptionKey,
): Promise<ClusterBus> {
  if (!database.severalNodes) return new NobodyElse();
  const wire = natsUrl ? new NatsWire(natsUrl) : new PostgresWire(database.directUrl);
  const bus = new WiredBus(identity.id, wire, key);
  await bus.open();
  return bus;
}

/** The processes that share this database, and what they say to each other. One alone is a cluster of one. */
@Global()
@Module({
  controllers: [NodesController],
  providers: [
    NodeIdentity,
    NodeRoster,
    Membership,
    NodeDrains,
    FactBridge,
    { provide: Duties, useClass: EldestDuties },
    { provide: ClusterBus, inject: [Config, NodeIdentity, KeyEncryptionKey], useFactory: openBus },
  ],
  exports: [ClusterBus, Duties, Membership, NodeIdentity, NodeRoster],
})
export class ClusterModule implements OnApplicationShutdown {
  constructor(private readonly bus: ClusterBus) {}

  /** Last of all: what ends before may still have something to tell. */
  onApplicationShutdown(): Promise<void> {
    return this.bus.close();
  }
}
