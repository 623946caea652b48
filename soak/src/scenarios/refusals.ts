import { now, until } from '../../../bench/src/clock.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { Stage } from '../stage/stage.ts';

const REFUSALS = [401, 403] as const;

export const refusedUpgrades: Scenario = {
  name: 'refused-upgrades',
  tests: 'test 5',
  about: 'HTTP 401 and 403 to the upgrade, again and again: never a logout. A round is one refusal',
  full: { rounds: 1_000, outlets: 20, minutes: 5 },
  quick: null,
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const outlets = await stage.linked(plan.outlets);
    const before = JSON.stringify(await stage.links(outlets));
    const { simulator } = stage;
    const refused = (): number => simulator.counters()['upgradesRefused'] ?? 0;
    const begun = refused();
    for (const status of REFUSALS) simulator.faults.refuseUpgrade(status, { times: Math.ceil(plan.rounds / 2) });
    for (const { phone } of outlets) phone.faults.end('drop');
    const api = await stage.api();
    const told = new Set<string>();
    await until('so many upgrades to be refused', plan.minutes * 60_000, async () => {
      // A person who presses does not wait for the backoff.
      await Promise.all(outlets.map(({ id }) => api.post(`/outlets/${id}/connect`)));
      for (const { reason } of await stage.statusesOf(outlets)) if (reason) told.add(reason.code);
      return refused() - begun >= plan.rounds;
    }).catch((error: Error) => findings.failures.push(error.message));
    findings.rounds = refused() - begun;
    simulator.faults.clear();
    await stage.allHealthy(outlets, 90_000).catch((error: Error) => findings.failures.push(error.message));
    if (JSON.stringify(await stage.links(outlets)) !== before) findings.failures.push('credentials changed');
    if (told.has('LOGGED_OUT') || told.has('REMOVED_BY_WHATSAPP'))
      findings.failures.push('an outlet was told to be logged out');
    findings.figures['reasons told'] = [...told].join(', ');
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}

const MAX_RECONNECTS = 2;

export const tugOfWar: Scenario = {
  name: 'tug-of-war',
  tests: 'test 16',
  about: 'another client takes the session over each time it logs in (440), for some minutes. A round is a minute',
  full: { rounds: 10, outlets: 5, minutes: 10 },
  quick: null,
  run: (world, plan) =>
    Stage.with(world, async (stage) => {
      const findings: Findings = { rounds: 0, failures: [], figures: {} };
      const outlets = await stage.linked(plan.outlets);
      const logins = new Map(outlets.map(({ number }) => [number, 0]));
      const off = stage.simulator.on('online', ({ number }) => {
        logins.set(number, (logins.get(number) ?? 0) + 1);
        stage.simulator.phone(number).faults.end('replaced');
      });
      for (const { phone } of outlets) phone.faults.end('replaced');
      const ends = now() + Math.min(plan.rounds, plan.minutes) * 60_000;
      while (now() < ends) await stage.pause(1_000);
      off();
      findings.rounds = plan.rounds;
      const most = Math.max(...logins.values());
      if (most > MAX_RECONNECTS) findings.failures.push(`${most} reconnects of one outlet`);
      findings.figures['reconnects of one outlet, at most'] = most;
      const parked = (await stage.statusesOf(outlets)).filter(({ reason }) => reason?.code === 'REPLACED');
      if (parked.length !== outlets.length) findings.failures.push('an outlet is not told to be replaced');
      const api = await stage.api();
      for (const { id } of outlets) await api.post(`/outlets/${id}/connect`);
      await stage.allHealthy(outlets).catch((error: Error) => findings.failures.push(error.message));
      if (stage.unhandled) findings.failures.push(stage.unhandled);
      return findings;
    }),
};
