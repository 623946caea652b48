import { request as ask } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoginAnswer } from '@koneksi/contracts/auth';
import type { User } from '@koneksi/contracts/users';
import { io } from 'socket.io-client';
import { round, summarise } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import { Stage } from '../stage/stage.ts';

const PASSWORD = 'hujan turun di Bogor';
const ROUND_MS = 10_000;
const BYSTANDER_EVERY_MS = 50;
/** Megabytes above what the process took before anything was tried. */
const RSS_GROWTH_MB = 250;
/** Of a machine that does nothing else; `--quick` shares it with other tests. Milliseconds. */
const P99_MS = 100;
const QUICK_P99_MS = 10_000;
const CONTACTS = 20_000;
const FILE = Buffer.alloc(9_000_000, 'x');
const FORM = Buffer.from(`--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n${'a'.repeat(2 ** 20)}\r\n`.repeat(8));

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
    const bad = await BadAccount.in(stage);
    const changesBefore = await changes(stage, outlets);
    const rssBefore = await rssOf(stage);
    let rssMost = 0;
    const took: number[] = [];
    const deadline = performance.now() + plan.minutes * 60_000;
    while (findings.rounds < plan.rounds && performance.now() < deadline) {
      const until = performance.now() + ROUND_MS;
      const attacks = bad.everything(until);
      while (performance.now() < until) {
        const from = performance.now();
        const { ok } = await fetch(`${stage.product.url}/api/outlets/status`, {
          headers: { authorization: `Bearer ${(await stage.api()).token}` },
        }).catch(() => ({ ok: false }));
        took.push(performance.now() - from);
        if (!ok) findings.failures.push(`round ${findings.rounds + 1}: a status was not answered`);
        rssMost = Math.max(rssMost, await rssOf(stage));
        await pause(BYSTANDER_EVERY_MS);
      }
      await attacks;
      findings.rounds++;
      plan.say(`round ${findings.rounds}: p99 ${Math.round(summarise(took).p99)} ms, RSS ${Math.round(rssMost)} MB`);
    }
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
    findings.figures['RSS before, MB'] = Math.round(rssBefore);
    findings.figures['RSS at most, MB'] = Math.round(rssMost);
    findings.figures['status changes'] = flaps;
    findings.figures['answers to the account'] = bad.told;
    return findings;
  });
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

/** A USER of one outlet, who means harm. */
class BadAccount {
  private readonly answers = new Map<number | string, number>();

  private readonly url: string;
  private readonly email: string;
  private readonly token: string;
  private readonly own: string;

  private constructor(of: { url: string; email: string; token: string; own: string }) {
    this.url = of.url;
    this.email = of.email;
    this.token = of.token;
    this.own = of.own;
  }

  static async in(stage: Stage): Promise<BadAccount> {
    const api = await stage.api();
    const { id: own } = await stage.outlet();
    const email = 'jahat@example.com';
    const body = { email, name: 'Jahat', password: PASSWORD, role: 'USER', outletIds: [own] };
    await api.post<User>('/users', body);
    const login = await fetch(`${stage.product.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    const { accessToken } = (await login.json()) as LoginAnswer;
    await stage.sql(
      `INSERT INTO contacts (id, outlet_id, number, name)
       SELECT gen_random_uuid(), $1, (628100000000 + n)::text, md5(n::text) FROM generate_series(1, $2::int) AS n`,
      [own, CONTACTS],
    );
    return new BadAccount({ url: stage.product.url, email, token: accessToken, own });
  }

  get told(): string {
    return [...this.answers].map(([status, count]) => `${count} × ${status}`).join(', ');
  }

  /** All at once, until then. */
  async everything(until: number): Promise<void> {
    const contacts = `/outlets/${this.own}/contacts`;
    const braces = JSON.stringify({ outletIds: [this.own], message: `{{${' '.repeat(4_000)}x` });
    const names = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, nth) => [`f${nth}`, 1])));
    await Promise.all([
      ...this.times(20, until, () => this.call('GET', `${contacts}?search=e`)),
      ...this.times(10, until, () => this.call('GET', `${contacts}/tags`)),
      ...this.times(10, until, () => this.call('GET', '/auth/me')),
      ...this.times(4, until, () => this.call('POST', '/outlets/status/refresh')),
      ...this.times(4, until, () => this.call('POST', '/blasts/preview', braces)),
      ...this.times(4, until, () => this.call('POST', contacts, names)),
      ...this.times(4, until, () => this.logIn()),
      ...this.times(6, until, () => this.parts(`${contacts}/import`)),
      ...this.times(30, until, () => this.stalled(`${contacts}/import`, until)),
      ...this.times(20, until, () => this.resumes(until)),
    ]);
  }

  private times(count: number, until: number, attack: () => Promise<unknown>): Promise<void>[] {
    return Array.from({ length: count }, async () => {
      while (performance.now() < until) {
        await attack().catch((error: Error) => this.count(error.message));
        // The attacker shares the machine, and is not what is measured.
        await pause(20);
      }
    });
  }

  private count(answer: number | string): void {
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
  }

  private async call(method: string, path: string, body?: string): Promise<void> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body }),
    });
    await response.arrayBuffer();
    this.count(response.status);
  }

  private logIn(): Promise<void> {
    return this.call('POST', '/auth/login', JSON.stringify({ email: this.email, password: PASSWORD }));
  }

  /** A form of parts of a megabyte that are no file. */
  private parts(path: string): Promise<void> {
    return this.send(path, { 'content-type': 'multipart/form-data; boundary=x' }, FORM, true);
  }

  /** A file of which the last bytes never come. */
  private stalled(path: string, until: number): Promise<void> {
    const headers = { 'content-type': 'text/csv', 'content-length': 9_900_000 };
    const sent = this.send(path, headers, FILE, false);
    return Promise.race([sent, pause(Math.max(0, until - performance.now()))]);
  }

  private send(path: string, headers: Record<string, string | number>, body: Buffer, ends: boolean): Promise<void> {
    return new Promise((resolve) => {
      const sending = ask(`${this.url}/api${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.token}`, ...headers },
        agent: false,
      });
      sending.on('response', (response) => {
        this.count(response.statusCode ?? 0);
        response.resume().on('end', () => sending.destroy());
      });
      sending.on('error', () => undefined).on('close', resolve);
      sending.setTimeout(ROUND_MS, () => sending.destroy());
      sending.write(body);
      if (ends) sending.end();
    });
  }

  private async resumes(until: number): Promise<void> {
    const socket = io(this.url, { auth: { token: this.token }, transports: ['websocket'], forceNew: true });
    while (performance.now() < until) {
      await Promise.race([socket.timeout(5_000).emitWithAck('outlet-status:resume', { cursor: 0 }), pause(200)]).catch(
        () => undefined,
      );
    }
    socket.disconnect();
  }
}
