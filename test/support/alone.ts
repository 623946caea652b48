import { NobodyElse } from '../../src/cluster/cluster-bus.js';
import { NodeIdentity } from '../../src/cluster/node-identity.js';
import type { SystemDataSource } from '../../src/database/system-data-source.js';
import { OutletCommands } from '../../src/wa-session/desk/outlet-commands.js';
import type { SessionRegistry } from '../../src/wa-session/session-registry.js';

/** Commands of a process that has the database to itself, and so asks it for no owner. */
export const aloneOn = (registry: SessionRegistry): OutletCommands =>
  new OutletCommands(registry, {} as SystemDataSource, new NodeIdentity(), new NobodyElse());
