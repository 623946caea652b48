import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { Child } from '../../../bench/src/children/child.ts';
import { now, until } from '../../../bench/src/clock.ts';
import { temporaryDirectory } from '../../../bench/src/paths.ts';
import { BreakableNetwork } from '../../../test/support/breakable-network.ts';
import { COPIES, type CopyName, type IntegratorMethods } from '../children/integrators.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import { seeded } from '../stage/random.ts';
import { Stage } from '../stage/stage.ts';

const INTEGRATORS = join(import.meta.dirname, '../children/integrators.ts');
const FAULTS_A_ROUND = 4;
const LONGEST_FAULT_MS = 2_000;
/** Of what is told the moment it happens; a client that is refused for a while waits up to five seconds. */
const EQUAL_WITHIN_MS = 30_000;

export const replicas: Scenario = {
  name: 'replicas',
  tests: 'issue 13',
  about:
    'copies that integrators keep by the package, by hand and by REST equal the truth after faults of links, network, database and processes',
  full: { rounds: 100_000, outlets: 12, minutes: 60 },
  quick: { rounds: 2, outlets: 3, minutes: 3 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const network = await BreakableNetwork.start();
    const scene = new Scene(stage, network, await stage.linked(plan.outlets), seeded(plan.seed));
    await scene.hireIntegrators();
    const deadline = now() + plan.minutes * 60_000;
    while (findings.rounds < plan.rounds && now() < deadline) {
      const done: string[] = [];
      for (let fault = 0; fault < FAULTS_A_ROUND; fault++) done.push(await scene.fault());
      findings.rounds++;
      const unequal = await scene.compare();
      for (const each of unequal) findings.failures.push(`round ${findings.rounds} (${done.join(', ')}): ${each}`);
      if (findings.rounds % 20 === 0) plan.say(`${findings.rounds} rounds, ${findings.failures.length} unequal`);
    }
    await scene.end();
    await network.stop();
    findings.figures['faults'] = findings.rounds * FAULTS_A_ROUND;
    findings.figures['comparisons'] = findings.rounds * COPIES.length;
    findings.figures['of each kind'] = scene.counts;
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}

/** Outlets to which things happen, and integrators who look on over a network of their own. */
class Scene {
  private readonly stage: Stage;
  private readonly network: BreakableNetwork;
  private readonly outlets: LinkedOutlet[];
  private readonly random: () => number;
  private readonly happened = new Map<string, number>();
  private integrators: Child<IntegratorMethods> | undefined;
  private key = '';
  private directory = '';

  constructor(stage: Stage, network: BreakableNetwork, outlets: LinkedOutlet[], random: () => number) {
    this.stage = stage;
    this.network = network;
    this.outlets = outlets;
    this.random = random;
  }

  get counts(): string {
    return [...this.happened].map(([name, times]) => `${times} × ${name}`).join(', ');
  }

  async hireIntegrators(): Promise<void> {
    const api = await this.stage.api();
    this.directory = await temporaryDirectory();
    this.key = (await api.post<CreatedApiKey>('/api-keys', { name: 'Integrators', scopes: ['status:read'] })).key;
    await this.startIntegrators();
  }

  /** One of everything that may happen, by chance. Answers what it was. */
  async fault(): Promise<string> {
    const faults = Object.keys(this.faults) as (keyof typeof this.faults)[];
    const name = faults[Math.floor(this.random() * faults.length)]!;
    this.happened.set(name, (this.happened.get(name) ?? 0) + 1);
    await this.faults[name]();
    await this.stage.pause(this.random() * 500);
    return name;
  }

  /** One sentence for each copy that is not what the product says once all is well. */
  async compare(): Promise<string[]> {
    await this.stage.allHealthy(this.outlets);
    let unequal: string[] = [];
    const look = async (): Promise<boolean> => {
      const { statuses } = await (await this.stage.api()).statuses('en');
      const copies = await this.integrators!.call.copies();
      unequal = COPIES.flatMap((name) => differences(name, statuses, copies[name]));
      return unequal.length === 0;
    };
    await until('all copies to be equal', EQUAL_WITHIN_MS, look, 100).catch(() => undefined);
    return [...unequal, ...(await this.missed())];
  }

  /** A copy may be right although changes on the way to it were never handed over. */
  private async missed(): Promise<string[]> {
    const handled = Object.entries(await this.integrators!.call.handled());
    const missed = handled.map(async ([name, { since, cursors }]) => {
      const lost = await this.stage.sql<{ cursor: string }>(
        `SELECT cursor FROM outlet_status_change WHERE cursor > $1 AND cursor <= $2 AND cursor <> ALL ($3::bigint[])`,
        [since, Math.max(since, ...cursors), cursors],
      );
      return lost.length === 0 ? [] : [`${lost.length} changes were never handed over to the copy kept ${name}`];
    });
    return (await Promise.all(missed)).flat();
  }

  async end(): Promise<void> {
    await this.integrators?.end();
  }

  private readonly faults = {
    'links drop': () => this.each(({ phone }) => phone.faults.end('drop')),
    'links restart': () => this.each(({ phone }) => phone.faults.end('restart')),
    'an outlet is renamed': async () => {
      const { id } = this.some();
      await (await this.stage.api()).patch(`/outlets/${id}`, { name: `Toko ${Math.floor(this.random() * 1e6)}` });
    },
    'an outlet comes': async () => void (await this.stage.outlet()),
    'an outlet comes and goes': async () => {
      const { id } = await this.stage.outlet();
      await (await this.stage.api()).remove(`/outlets/${id}`);
    },
    'the network is cut': async () => {
      this.network.cut();
      await this.meanwhile();
      this.network.mend();
    },
    'connections to the database are cut': async () => {
      this.stage.road.hangUp();
      await this.meanwhile();
    },
    'the product is killed': () => this.stage.restart(),
    'the product is ended in order': async () => {
      await this.stage.terminate();
      await this.meanwhile();
      await this.stage.product.start();
    },
    'the integrators are killed': async () => {
      await this.integrators!.kill();
      await this.meanwhile();
      await this.startIntegrators();
    },
  };

  /** Time in which something happens that whoever is away must learn of. */
  private async meanwhile(): Promise<void> {
    this.some().phone.faults.end('drop');
    await this.stage.pause(this.random() * LONGEST_FAULT_MS);
  }

  private async each(act: (outlet: LinkedOutlet) => void): Promise<void> {
    for (const outlet of this.outlets) {
      if (this.random() < 0.5) continue;
      act(outlet);
      await this.stage.pause(this.random() * 100);
    }
  }

  private some(): LinkedOutlet {
    return this.outlets[Math.floor(this.random() * this.outlets.length)]!;
  }

  private async startIntegrators(): Promise<void> {
    this.network.leadTo(Number(new URL(this.stage.product.url).port));
    this.integrators = new Child<IntegratorMethods>({ file: INTEGRATORS });
    await this.integrators.call.start({ url: this.network.origin, key: this.key, directory: this.directory });
  }
}

/** Without what is told apart from changes: when it was last heard of. Read anew, whichever way it came here. */
function told(status: OutletStatus): unknown {
  return JSON.parse(JSON.stringify(status, (key, value: unknown) => (key === 'lastSeen' ? undefined : value)));
}

function differences(name: CopyName, truth: readonly OutletStatus[], copy: readonly OutletStatus[]): string[] {
  const held = new Map(copy.map((status) => [status.outletId, status]));
  const lacking = truth.filter(({ outletId }) => !held.has(outletId)).length;
  const extra = copy.length - truth.length + lacking;
  const other = truth.find((status) => {
    const mine = held.get(status.outletId);
    return mine && !isDeepStrictEqual(told(mine), told(status));
  });
  if (lacking + extra === 0 && !other) return [];
  const instead = other && `: ${JSON.stringify(held.get(other.outletId))} instead of ${JSON.stringify(other)}`;
  return [`the copy kept ${name} lacks ${lacking}, has ${extra} too many${instead ?? ''}`];
}
