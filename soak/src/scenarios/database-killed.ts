import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { OwnPostgres } from '../../../bench/src/product/own-postgres.ts';
import { seeded } from '../stage/random.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import type { Stage } from '../stage/stage.ts';
import { outages, type Outage } from './database-away.ts';

/** How long it stays dead, in the order of the rounds, then again. */
const DEAD_S = [1, 30, 0];
/** A login takes about so long. */
const LOGIN_MS = 400;

export const databaseKilled: Scenario = {
  name: 'database-killed',
  tests: 'test 11',
  about:
    'kill -9 of PostgreSQL itself, or of one of its processes every other round, in the middle of logins and a blast',
  full: { rounds: 30, outlets: 50, minutes: 30 },
  quick: { rounds: 2, outlets: 3, minutes: 4 },
  run,
};

async function run(world: World, plan: Plan): Promise<Findings> {
  const directory = await mkdtemp(join(tmpdir(), 'koneksi-soak-'));
  // PostgreSQL refuses to run as root, and the user it runs as then has to get in.
  await chmod(directory, 0o755);
  const postgres = await OwnPostgres.start(directory);
  try {
    const random = seeded(plan.seed);
    const all = Array.from({ length: plan.rounds }, (_, round) =>
      round % 2 === 0 ? wholeServer(postgres, round, random) : oneProcess(round, random),
    );
    return await outages({ ...world, databaseUrl: postgres.url }, plan, all);
  } finally {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

const wholeServer = (postgres: OwnPostgres, round: number, random: () => number): Outage => {
  const seconds = DEAD_S[(round / 2) % DEAD_S.length]!;
  return {
    name: `round ${round + 1}, killed for ${seconds} s`,
    lastsMs: seconds * 1_000,
    begin: async (stage, outlets) => {
      await amidLogins(stage, outlets, random);
      await postgres.kill();
    },
    end: () => postgres.revive(),
  };
};

/** PostgreSQL then ends all others too, forgets what was in memory, and recovers by itself. */
const oneProcess = (round: number, random: () => number): Outage => ({
  name: `round ${round + 1}, one process killed`,
  lastsMs: 0,
  begin: async (stage, outlets) => {
    await amidLogins(stage, outlets, random);
    const [busy] = await stage.sql<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       ORDER BY state_change DESC LIMIT 1`,
    );
    if (busy) process.kill(busy.pid, 'SIGKILL');
  },
  end: () => undefined,
});

/** WhatsApp asks those that send nothing to log in anew, which is met at once, however often. */
async function amidLogins(stage: Stage, outlets: readonly LinkedOutlet[], random: () => number): Promise<void> {
  for (const { phone } of outlets) phone.faults.end('restart');
  await stage.pause(random() * LOGIN_MS);
}
