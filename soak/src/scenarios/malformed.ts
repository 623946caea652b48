import { now, until } from '../../../bench/src/clock.ts';
import { round } from '../../../bench/src/statistics.ts';
import type { JunkKind } from '@koneksi/whatsapp-simulator';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { Page } from '../stage/page.ts';
import { Stage } from '../stage/stage.ts';

const KINDS: readonly JunkKind[] = ['bad-gcm', 'not-a-node', 'truncated-deflate', 'random-node', 'mixed'];
const FRAMES_AT_ONCE = 100;

export const malformed: Scenario = {
  name: 'malformed',
  tests: 'test 3',
  about: 'frames no honest server sends, at one session among many; a round is a frame',
  full: { rounds: 10_000, outlets: 200, minutes: 10 },
  quick: null,
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const [victim, ...others] = await stage.linked(plan.outlets);
    if (!victim) return findings;
    const connectionsOf = (): string =>
      JSON.stringify(
        others.map(({ number }) =>
          stage.simulator.connections().flatMap((each) => (each.number === number ? each.id : [])),
        ),
      );
    const page = await Page.open(() => stage.api());
    const revisions = (): string => JSON.stringify(others.map(({ id }) => page.statuses.get(id)?.revision));
    const before = [connectionsOf(), revisions()];
    const deadline = now() + plan.minutes * 60_000;
    let ended = 0;
    let slowest = 0;
    for (let turn = 0; findings.rounds < plan.rounds && now() < deadline; turn++) {
      const kind = KINDS[turn % KINDS.length]!;
      const [socket] = stage.simulator.connections().filter(({ number }) => number === victim.number);
      const from = now();
      findings.rounds += victim.phone.faults.junk(kind, FRAMES_AT_ONCE, plan.seed + turn);
      // Some of them mean nothing and hurt nobody; after the others it has to come back by itself.
      await stage.pause(200);
      const isGone = (): boolean => !stage.simulator.connections().some(({ id }) => id === socket?.id);
      if (isGone()) {
        ended++;
        slowest = Math.max(slowest, now() - from);
        await (await stage.api()).post(`/outlets/${victim.id}/connect`);
      }
      await until('the victim to answer again', 90_000, async () => {
        if (!stage.product.isRunning) throw new Error('the process ended');
        const [status] = await stage.statusesOf([victim]);
        if (status?.session.status !== 'CONNECTED')
          await (await stage.api()).post(`/outlets/${victim.id}/connect`).catch(() => undefined);
        return status?.healthy === true;
      }).catch((error: Error) => findings.failures.push(`${kind}: ${error.message}`));
    }
    if (connectionsOf() !== before[0]) findings.failures.push('another session lost its connection');
    if (revisions() !== before[1]) findings.failures.push('another outlet changed its status');
    page.close();
    findings.figures['times it ended the connection'] = ended;
    findings.figures['sessions beside it'] = others.length;
    findings.figures['ended and seen within, s'] = round(slowest / 1_000);
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}
