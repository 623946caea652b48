import type { Ending } from '@koneksi/whatsapp-simulator';
import { now, until } from '../../../bench/src/clock.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { Page } from '../stage/page.ts';
import { shuffled } from '../stage/random.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import { Stage } from '../stage/stage.ts';

interface Case {
  name: string;
  inflict: (stage: Stage, outlet: LinkedOutlet) => void;
  reason: string;
}

/** The table of docs/runbook.md, by what WhatsApp says; everything else heals. */
const NEEDS_A_PERSON: Record<string, string> = {
  '401': 'REMOVED_BY_WHATSAPP',
  '402': 'RESTRICTED',
  '403': 'BLOCKED',
  '405': 'OUTDATED',
  '406': 'BANNED',
  '409': 'CONFIG_ERROR',
  '411': 'CONFIG_ERROR',
  '413': 'CONFIG_ERROR',
  '414': 'CONFIG_ERROR',
  '415': 'CONFIG_ERROR',
  '440': 'REPLACED',
};
/** A 401 says so from ten minutes after the link was made. */
const LATER: Record<string, string> = { REMOVED_BY_WHATSAPP: 'LOGGED_OUT' };
const CODES = Array.from({ length: 200 }, (_, index) => String(400 + index));

const ending = (name: string, how: Ending, reason: string): Case => ({
  name,
  inflict: (_, { phone }) => void phone.faults.end(how),
  reason,
});

const CASES: readonly Case[] = [
  ...CODES.map((code) =>
    ending(`stream error ${code}`, { streamError: { code } }, NEEDS_A_PERSON[code] ?? 'RECONNECTING'),
  ),
  ...CODES.map((reason) =>
    ending(`failure ${reason}`, { failure: { reason } }, NEEDS_A_PERSON[reason] ?? 'RECONNECTING'),
  ),
  ending('failure abc', 'reason-not-a-number', 'RECONNECTING'),
  ...CODES.map((code) => ({
    name: `HTTP ${code} at the upgrade`,
    inflict: ({ simulator }: Stage, { phone }: LinkedOutlet) => {
      simulator.faults.refuseUpgrade(Number(code), { times: 1 });
      phone.faults.end('restart');
    },
    reason: 'WHATSAPP_UNREACHABLE',
  })),
];

export const closeCodes: Scenario = {
  name: 'close-codes',
  tests: 'tests 4 and 5',
  about:
    'every code from 400 to 599 as stream error, failure and HTTP answer to the upgrade: what is told, what is kept',
  full: { rounds: CASES.length, outlets: 1, minutes: 15 },
  quick: { rounds: 6, outlets: 1, minutes: 1 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const [outlet] = await stage.linked(1);
    if (!outlet) return findings;
    const page = await Page.open(() => stage.api());
    const told = new Map<string, number>();
    const deadline = now() + plan.minutes * 60_000;
    for (const each of shuffled(CASES, plan.seed).slice(0, plan.rounds)) {
      if (now() > deadline) break;
      await suffer(stage, outlet, page, each, told).catch((error: Error) => {
        plan.say(`✗ ${each.name}: ${error.message}`);
        findings.failures.push(`${each.name}: ${error.message}`);
      });
      findings.rounds++;
    }
    for (const [reason, times] of told) findings.figures[`told as ${reason}`] = times;
    page.close();
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}

async function suffer(
  stage: Stage,
  outlet: LinkedOutlet,
  page: Page,
  { inflict, reason }: Case,
  told: Map<string, number>,
): Promise<void> {
  const [before] = (await stage.links([outlet])).filter((link) => !link.aside);
  const heard = page.reasonsOf(outlet.id);
  inflict(stage, outlet);
  // Whoever looks first tells: the end of the socket, or our own watch that finds it closing.
  await heard.until(reason === 'RECONNECTING' ? ['RECONNECTING', 'DEGRADED'] : [reason, LATER[reason] ?? reason]);
  told.set(reason, (told.get(reason) ?? 0) + 1);
  const links = await stage.links([outlet]);
  const kept = links.some((link) => link.id === before?.id && !link.aside);
  if (reason === 'REMOVED_BY_WHATSAPP') {
    if (links.every((link) => link.id !== before?.id)) throw new Error('the credentials were deleted');
    await until('the credentials to be set aside', 30_000, async () =>
      (await stage.links([outlet])).every((l) => l.aside),
    );
    await stage.link([outlet]);
  } else if (!kept) throw new Error('the credentials were not kept');
  heard.stop();
  const api = await stage.api();
  // A pause forgets how often it failed, and that somebody else was there.
  await api.post(`/outlets/${outlet.id}/pause`);
  await api.post(`/outlets/${outlet.id}/resume`);
  await api.post(`/outlets/${outlet.id}/connect`);
  await stage.allHealthy([outlet]);
}
