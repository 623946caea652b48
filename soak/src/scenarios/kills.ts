import { round } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { seeded } from '../stage/random.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import { Stage } from '../stage/stage.ts';

/** Linking, the restart after it and its first login take about this long. */
const LATEST_KILL_MS = 2_500;
/** Some lives end before they begin. */
const STILLBORN = 0.3;
const BACK_WITHIN_MS = 60_000;

export const kills: Scenario = {
  name: 'kills',
  tests: 'test 1',
  about: 'kill -9 at any moment of logins, links, mail and endings: every outlet ever linked comes back without a QR',
  full: { rounds: 50, outlets: 200, minutes: 20 },
  quick: { rounds: 3, outlets: 3, minutes: 3 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const random = seeded(plan.seed);
    const outlets = await stage.linked(plan.outlets);
    const devices = new Map<string, number>();
    const deadline = performance.now() + plan.minutes * 60_000;
    let slowest = 0;
    while (findings.rounds < plan.rounds && performance.now() < deadline) {
      const when = `round ${findings.rounds + 1}`;
      const fresh = [await stage.outlet(), await stage.outlet()];
      const busy = keepBusy(stage, outlets, fresh, random).catch(() => undefined);
      await stage.pause(random() * LATEST_KILL_MS);
      await stage.kill();
      await busy;
      if (random() < STILLBORN) {
        await stage.product.spawn();
        await stage.pause(random() * LATEST_KILL_MS);
        await stage.kill();
      }
      await stage.product.start();
      // Whoever the database ever told to be connected was linked.
      const linked = await everConnected(stage);
      outlets.push(...fresh.filter(({ id }) => linked.has(id)));
      const lost = outlets.filter(({ id }) => linked.has(id));
      const back = await stage.allHealthy(lost, BACK_WITHIN_MS).catch((error: Error) => {
        findings.failures.push(`${when}: ${error.message}`);
        return NaN;
      });
      slowest = Math.max(slowest, back);
      for (const { id, phone } of outlets) {
        devices.set(id, devices.get(id) ?? phone.devices.length);
        if (devices.get(id) !== phone.devices.length) findings.failures.push(`${when}: ${id} was linked a second time`);
      }
      findings.rounds++;
      if (findings.rounds % 10 === 0) plan.say(`${findings.rounds} kills`);
    }
    const aside = (await stage.links(outlets)).filter((link) => link.aside);
    if (aside.length > 0) findings.failures.push(`${aside.length} links were set aside`);
    findings.figures['outlets linked at the end'] = outlets.length;
    findings.figures['all back after listening, s at most'] = round(slowest / 1_000);
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}

async function everConnected(stage: Stage): Promise<Set<string>> {
  const rows = await stage.sql<{ outlet_id: string }>(
    `SELECT DISTINCT outlet_id FROM outlet_status_change WHERE status = 'CONNECTED'`,
  );
  return new Set(rows.map((row) => row.outlet_id));
}

/** New links, mail that ratchets keys, and endings, all under way until the process is gone. */
async function keepBusy(
  stage: Stage,
  outlets: readonly LinkedOutlet[],
  fresh: readonly LinkedOutlet[],
  random: () => number,
): Promise<never> {
  stage.link(fresh, 10_000).catch(() => undefined);
  const writer = stage.simulator.phone('628999000111');
  for (let message = 0; ; message++) {
    for (const { number, phone } of outlets) {
      await writer.send(number, `message ${message}`);
      if (random() < 0.05) phone.faults.end('drop');
    }
    await stage.statusesOf(outlets);
    await stage.pause(10);
  }
}
