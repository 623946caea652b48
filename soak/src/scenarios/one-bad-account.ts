import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoginAnswer } from '@koneksi/contracts/auth';
import type { User } from '@koneksi/contracts/users';
import { Child } from '../../../bench/src/children/child.ts';
import { round, summarise } from '../../../bench/src/statistics.ts';
import type { Account, BadAccountMethods } from '../children/bad-account.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import { Stage } from '../stage/stage.ts';

const PASSWORD = 'hujan turun di Bogor';
const ROUND_MS = 10_000;
const BYSTANDER_EVERY_MS = 50;
/** In which all of the account's connections are opened at once. */
const BURST_MS = 1_000;
/** Megabytes above what the process took before anything was tried. */
const RSS_GROWTH_MB = 250;
/** Of a machine that does nothing else; `--quick` shares it with other tests. Milliseconds. */
const P99_MS = 100;
const QUICK_P99_MS = 10_000;
const CONTACTS = 20_000;
const BAD_ACCOUNT = join(import.meta.dirname, '../children/bad-account.ts');

export const oneBadAccount: Scenario = {
  name: 'one-bad-account',
  tests: 'issue 13',
  about:
    'one USER with everything at hand beside healthy outlets: the process lives, memory is bounded, no outlet changes, nobody else waits',
  full: { rounds: 60, outlets: 200, minutes: 12 },
  quick: { rounds: 1, outlets: 2, minutes: 1 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const outlets = await stage.linked(plan.outlets);
    const account = await badAccountIn(stage);
    const bad = new Child<BadAccountMethods>({ file: BAD_ACCOUNT });
    const told = new Map<string, number>();
    const changesBefore = await changes(stage, outlets);
    const rssBefore = await rssOf(stage);
    let rssMost = 0;
    const took: number[] = [];
    const afterBurst: number[] = [];
    const calm = await calmly(stage);
    await stage.product.probe.watchLoop();
    const deadline = performance.now() + plan.minutes * 60_000;
    while (findings.rounds < plan.rounds && performance.now() < deadline) {
      const until = performance.now() + ROUND_MS;
      const attacks = bad.call.attack(account, ROUND_MS);
      while (performance.now() < until) {
        const ms = await look(stage);
        if (ms === null) findings.failures.push(`round ${findings.rounds + 1}: a status was not answered`);
        else took.push(ms);
        if (ms !== null && performance.now() > until - ROUND_MS + BURST_MS) afterBurst.push(ms);
        rssMost = Math.max(rssMost, await rssOf(stage));
        await pause(BYSTANDER_EVERY_MS);
      }
      for (const [answer, times] of Object.entries(await attacks)) told.set(answer, (told.get(answer) ?? 0) + times);
      findings.rounds++;
      plan.say(`round ${findings.rounds}: p99 ${Math.round(summarise(took).p99)} ms, RSS ${Math.round(rssMost)} MB`);
    }
    await bad.end();
    await stage.allHealthy(outlets);
    const { p99, median } = summarise(took);
    const flaps = (await changes(stage, outlets)) - changesBefore;
    const limit = plan.outlets > 10 ? P99_MS : QUICK_P99_MS;
    if (p99 > limit) findings.failures.push(`an ADMIN waited ${Math.round(p99)} ms for the statuses (p99)`);
    if (flaps > 0) findings.failures.push(`${flaps} changes of outlets that had no part in it`);
    if (rssMost - rssBefore > RSS_GROWTH_MB)
      findings.failures.push(`${Math.round(rssMost - rssBefore)} MB more memory`);
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    findings.figures['bystander median, ms'] = round(median);
    findings.figures['bystander p99, ms'] = round(p99);
    findings.figures['the same but for the first second of each round, ms'] = round(summarise(afterBurst).p99);
    findings.figures['the same before anybody attacked, ms'] = round(summarise(calm).p99);
    findings.figures['RSS before, MB'] = Math.round(rssBefore);
    findings.figures['RSS at most, MB'] = Math.round(rssMost);
    findings.figures['status changes'] = flaps;
    findings.figures['event loop held at most, ms'] = Math.round(await stage.product.probe.longestHeld());
    findings.figures['answers to the account'] = [...told].map(([answer, times]) => `${times} × ${answer}`).join(', ');
    return findings;
  });
}

/** An ADMIN's look at the statuses, milliseconds; `null` where it was not answered. */
async function look(stage: Stage): Promise<number | null> {
  const { token } = await stage.api();
  const from = performance.now();
  const answer = await fetch(`${stage.product.url}/api/outlets/status`, {
    headers: { authorization: `Bearer ${token}` },
  }).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.ok ? performance.now() - from : null;
}

/** As many milliseconds as a round has looks, on the same machine in the same run. */
async function calmly(stage: Stage): Promise<number[]> {
  const took: number[] = [];
  const until = performance.now() + ROUND_MS;
  while (performance.now() < until) {
    const ms = await look(stage);
    if (ms !== null) took.push(ms);
    await pause(BYSTANDER_EVERY_MS);
  }
  return took;
}

async function changes(stage: Stage, outlets: readonly LinkedOutlet[]): Promise<number> {
  const [row] = await stage.sql<{ count: number }>(
    'SELECT count(*)::int AS count FROM outlet_status_change WHERE milestone AND outlet_id = ANY ($1::uuid[])',
    [outlets.map(({ id }) => id)],
  );
  return row!.count;
}

/** Megabytes. */
function rssOf(stage: Stage): Promise<number> {
  return stage.product.probe.rss();
}

/** A USER of one outlet, who means harm and has many contacts. */
async function badAccountIn(stage: Stage): Promise<Account> {
  const api = await stage.api();
  const { id: own } = await stage.outlet();
  const email = 'jahat@example.com';
  const user = { email, name: 'Jahat', password: PASSWORD, role: 'USER', outletIds: [own] };
  await api.post<User>('/users', user);
  const login = await fetch(`${stage.product.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  const { accessToken: token } = (await login.json()) as LoginAnswer;
  await stage.sql(
    `INSERT INTO contacts (id, outlet_id, number, name)
     SELECT gen_random_uuid(), $1, (628100000000 + n)::text, md5(n::text) FROM generate_series(1, $2::int) AS n`,
    [own, CONTACTS],
  );
  return { url: stage.product.url, email, password: PASSWORD, token, own };
}
