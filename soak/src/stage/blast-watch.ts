import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import { until } from '../../../bench/src/clock.ts';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import type pg from 'pg';
import type { Api } from '../../../bench/src/product/api.ts';
import type { LinkedOutlet } from './linking.ts';

interface RecipientRow {
  number: string;
  status: string;
  reason: string | null;
  message_id: string | null;
}

/** Where a blast is sent from, and what can be seen of it there. */
export interface BlastStage {
  readonly simulator: Simulator;
  api(): Promise<Api>;
  sql<Row extends pg.QueryResultRow>(text: string, parameters?: unknown[]): Promise<Row[]>;
}

/** One blast to customers of some outlets, and what their phones say of it. */
export class BlastWatch {
  private readonly stage: BlastStage;
  private readonly text: string;
  readonly id: string;
  readonly numbers: readonly string[];
  /** Every id that left for a number, whether or not it arrived. */
  private readonly ids: Map<string, Set<string>>;
  private readonly unwatch: () => void;

  private constructor(stage: BlastStage, id: string, text: string, numbers: readonly string[], watched: Watched) {
    this.stage = stage;
    this.id = id;
    this.text = text;
    this.numbers = numbers;
    this.ids = watched.ids;
    this.unwatch = watched.stop;
  }

  static async start(
    stage: BlastStage,
    outlets: readonly LinkedOutlet[],
    numbers: readonly string[],
  ): Promise<BlastWatch> {
    const text = `Promo ${crypto.randomUUID()}`;
    const watched = watch(stage, new Set(numbers));
    const outletIds = outlets.map(({ id }) => id);
    const body = { outletIds, message: text, audience: { phones: numbers }, noWayOut: 'A text that is compared' };
    const { id } = await (await stage.api()).post<BlastCreated>('/blasts', body);
    return new BlastWatch(stage, id, text, numbers, watched);
  }

  /** How many phones show it. */
  get arrived(): number {
    return this.numbers.filter((number) => this.timesOn(number) > 0).length;
  }

  /** Messages of it that reached WhatsApp so far. */
  get onTheWire(): number {
    return this.ids.size;
  }

  async arrivedAtLeast(count: number, withinMs = 60_000): Promise<void> {
    await until(`${count} messages to arrive`, withinMs, async () => this.arrived >= count, 20);
  }

  async find(): Promise<Blast> {
    return (await this.stage.api()).get<Blast>(`/blasts/${this.id}`);
  }

  /**
   * Nothing of it waits or is on its way, and who got it has said so. A kill can lose such a word: Baileys acknowledges
   * receipts before anybody could keep them. So the phone's own inbox counts too.
   */
  async finished(withinMs: number): Promise<Blast> {
    let blast: Blast | null = null;
    try {
      await until('the blast to finish', withinMs, async () => {
        // Right after an outage the database may still be away.
        blast = await this.find().catch(() => blast);
        const { status, counts } = blast ?? {};
        return (
          status === 'finished' && (counts?.sent === 0 || this.arrived + (counts?.unknown ?? 0) >= this.numbers.length)
        );
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${JSON.stringify((blast as Blast | null)?.counts)}`, {
        cause: error,
      });
    }
    return blast as unknown as Blast;
  }

  /** What must not be: shown twice, lost without a word, told to have failed though it left, two ids for one person. */
  async faults(): Promise<{ faults: string[]; unknown: number }> {
    this.unwatch();
    const rows = await this.stage.sql<RecipientRow>(
      'SELECT number, status, reason, message_id FROM blast_recipients WHERE blast_id = $1',
      [this.id],
    );
    const faults: string[] = [];
    if (rows.length !== this.numbers.length) faults.push(`${this.numbers.length - rows.length} recipients have no row`);
    for (const { number, status, reason, message_id } of rows) {
      const times = this.timesOn(number);
      const ids = this.ids.get(number) ?? new Set();
      if (times > 1) faults.push(`${number} was shown it ${times} times`);
      if (times === 0 && status !== 'unknown') faults.push(`${number} never got it, told as ${status} ${reason}`);
      if (ids.size > 1) faults.push(`${number} was sent ${ids.size} ids`);
      if (ids.size > 0 && ['failed', 'skipped', 'queued'].includes(status))
        faults.push(`${number} was on the wire, told as ${status} ${reason}`);
      for (const id of ids) if (id !== message_id) faults.push(`${number} was sent an id its row does not have`);
    }
    return { faults, unknown: rows.filter(({ status }) => status === 'unknown').length };
  }

  private timesOn(number: string): number {
    return this.stage.simulator.phone(number).inbox.filter(({ text }) => text === this.text).length;
  }
}

interface Watched {
  ids: Map<string, Set<string>>;
  stop: () => void;
}

function watch({ simulator }: BlastStage, numbers: ReadonlySet<string>): Watched {
  const ids = new Map<string, Set<string>>();
  const stop = simulator.on('message', ({ to, id }) => {
    if (numbers.has(to)) ids.set(to, (ids.get(to) ?? new Set()).add(id));
  });
  return { ids, stop };
}
