import type { Scenario } from './scenario.ts';
import { blastKills } from './scenarios/blast-kills.ts';
import { closeCodes } from './scenarios/close-codes.ts';
import { cluster } from './scenarios/cluster.ts';
import { databasePaused, databaseRefuses } from './scenarios/database-away.ts';
import { databaseKilled } from './scenarios/database-killed.ts';
import { halfOpen, stuck } from './scenarios/dead-links.ts';
import { drain } from './scenarios/drain.ts';
import { hungStore } from './scenarios/hung-store.ts';
import { killPoints } from './scenarios/kill-points.ts';
import { kills } from './scenarios/kills.ts';
import { malformed } from './scenarios/malformed.ts';
import { oneBadAccount } from './scenarios/one-bad-account.ts';
import { race } from './scenarios/race.ts';
import { reconnects } from './scenarios/reconnects.ts';
import { refusedUpgrades, tugOfWar } from './scenarios/refusals.ts';
import { replicas } from './scenarios/replicas.ts';
import { retryReceipt } from './scenarios/retry-receipt.ts';
import { storm } from './scenarios/storm.ts';

/** In the order of the tests they are. */
export const SCENARIOS: readonly Scenario[] = [
  kills,
  killPoints,
  malformed,
  closeCodes,
  refusedUpgrades,
  halfOpen,
  stuck,
  hungStore,
  race,
  databasePaused,
  databaseRefuses,
  databaseKilled,
  cluster,
  drain,
  tugOfWar,
  reconnects,
  storm,
  blastKills,
  retryReceipt,
  oneBadAccount,
  replicas,
];
