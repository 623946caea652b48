import { now, until } from '../../../bench/src/clock.ts';
import { round } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { BlastWatch } from '../stage/blast-watch.ts';
import { Page } from '../stage/page.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import { Stage } from '../stage/stage.ts';

/** How an outage begins and ends. */
export interface Outage {
  name: string;
  /** How long it lasts. Milliseconds. */
  lastsMs: number;
  /** Told of the outlets that send no blast meanwhile. */
  begin(stage: Stage, others: readonly LinkedOutlet[]): Promise<void> | void;
  end(stage: Stage): Promise<void> | void;
}

const PAUSES_S = [5, 30, 300];
/** From the moment the database is there again. */
const BACK_WITHIN_MS = 60_000;
/** After so long the page must have been told. */
const TOLD_WITHIN_MS = 25_000;
const RECIPIENTS = 20;
const BLASTING_OUTLETS = 3;
const PACE = { paceMinMs: 20, paceMaxMs: 60 };

const paused = (seconds: number): Outage => ({
  name: `paused ${seconds} s`,
  lastsMs: seconds * 1_000,
  begin: ({ road }) => road.stall(),
  end: ({ road }) => road.flow(),
});

const cut: Outage = {
  name: 'connections cut, none accepted for 20 s',
  lastsMs: 20_000,
  begin: ({ road }) => road.cut(),
  end: ({ road }) => road.mend(),
};

const readOnly: Outage = {
  name: 'read-only for 25 s',
  lastsMs: 25_000,
  begin: (stage) => setReadOnly(stage, 'on'),
  end: (stage) => setReadOnly(stage, 'off'),
};

const fullDisk: Outage = {
  name: 'disk full (53100 to every write) for 25 s',
  lastsMs: 25_000,
  begin: ({ road }) =>
    road.refuse(
      /^\s*(WITH[^]*)?\b(INSERT|UPDATE|DELETE)\b/i,
      '53100',
      'could not extend file: No space left on device',
    ),
  end: ({ road }) => road.clear(),
};

async function setReadOnly(stage: Stage, value: 'on' | 'off'): Promise<void> {
  const [row] = await stage.sql<{ name: string }>('SELECT current_database() AS name');
  await stage.pool.query('SET default_transaction_read_only = off');
  await stage.sql(`ALTER DATABASE ${row?.name} SET default_transaction_read_only = ${value}`);
  // It counts for connections made from now on.
  stage.road.hangUp();
}

export const databasePaused: Scenario = {
  name: 'database-paused',
  tests: 'test 11',
  about: 'PostgreSQL stalls for 5, 30 and 300 s (rounds 1, 2, 3), in the middle of a blast',
  full: { rounds: 3, outlets: 100, minutes: 15 },
  quick: { rounds: 1, outlets: 2, minutes: 1 },
  run: (world, plan) => outages(world, plan, PAUSES_S.slice(0, plan.rounds).map(paused)),
};

export const databaseRefuses: Scenario = {
  name: 'database-refuses',
  tests: 'test 11',
  about: 'PostgreSQL read-only, on a full disk, gone (rounds 1, 2, 3), in the middle of a blast',
  full: { rounds: 3, outlets: 100, minutes: 10 },
  quick: null,
  run: (world, plan) => outages(world, plan, [readOnly, fullDisk, cut].slice(0, plan.rounds)),
};

/** One after the other, each in the middle of a blast; none begins after the time is over. */
export function outages(world: World, plan: Plan, all: readonly Outage[]): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const outlets = await stage.linked(plan.outlets);
    // Some outlets have nothing to send, where there are as many.
    const blasting = outlets.slice(0, Math.min(BLASTING_OUTLETS, Math.max(1, outlets.length - 1)));
    const api = await stage.api();
    for (const { id } of blasting) await api.patch(`/outlets/${id}/blast-settings`, PACE);
    const page = await Page.open(() => stage.api());
    const deadline = now() + plan.minutes * 60_000;
    for (const outage of all) {
      if (now() > deadline) break;
      plan.say(outage.name);
      await survive(stage, outlets, blasting, page, outage, findings);
      findings.rounds++;
    }
    page.close();
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}

async function survive(
  stage: Stage,
  outlets: readonly LinkedOutlet[],
  blasting: readonly LinkedOutlet[],
  page: Page,
  outage: Outage,
  findings: Findings,
): Promise<void> {
  const { failures, figures } = findings;
  const fail = (text: string): void => void failures.push(`${outage.name}: ${text}`);
  const linksBefore = JSON.stringify(await stage.links(outlets));
  const numbers: string[] = [];
  for (const outlet of blasting)
    numbers.push(...(await stage.contacts(outlet, 10_000 * findings.rounds + numbers.length, RECIPIENTS)));
  const blast = await BlastWatch.start(stage, blasting, numbers);
  await blast.arrivedAtLeast(5);

  const from = now();
  await outage.begin(
    stage,
    outlets.filter((outlet) => !blasting.includes(outlet)),
  );
  // Mail whose keys cannot be kept meanwhile.
  const writer = stage.simulator.phone('628999000111');
  for (const { number } of outlets.slice(-2)) await writer.send(number, 'Masih ada?');
  if (outage.lastsMs >= TOLD_WITHIN_MS)
    await page.toldStoreDown(true, TOLD_WITHIN_MS).then(
      () => (figures[`${outage.name}: page told after, s`] = round((now() - from) / 1_000)),
      () => fail('the open page was not told'),
    );
  await stage.pause(Math.max(0, from + outage.lastsMs - now()));
  await outage.end(stage);

  const back = await stage.allHealthy(outlets, BACK_WITHIN_MS).catch((error: Error) => {
    fail(error.message);
    return NaN;
  });
  figures[`${outage.name}: all healthy after, s`] = round(back / 1_000);
  await page.toldStoreDown(false, 5_000).catch(() => fail('the open page was not told that it is over'));
  await blast.finished(120_000).catch((error: Error) => fail(error.message));
  const { faults, unknown } = await blast.faults();
  for (const fault of faults) fail(fault);
  figures[`${outage.name}: messages unknown`] = `${unknown} of ${numbers.length}`;
  if (JSON.stringify(await stage.links(outlets)) !== linksBefore) fail('credentials were begun anew or set aside');
  const devices = outlets.filter(({ phone }) => phone.devices.length !== 1);
  if (devices.length > 0) fail(`${devices.length} phones list another number of devices than one`);
  await until('each outlet to have one connection', 10_000, async () =>
    outlets.every((outlet) => stage.liveConnections(outlet) === 1),
  ).catch((error: Error) => fail(error.message));
}
