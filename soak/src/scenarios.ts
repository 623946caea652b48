import type { Scenario } from './scenario.ts';
import { databasePaused, databaseRefuses } from './scenarios/database-away.ts';

export const SCENARIOS: readonly Scenario[] = [databasePaused, databaseRefuses];
