import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { HoldCode, RecipientStatus } from '@koneksi/contracts/blast-states';
import type { BlastRecipient, RecipientChanges } from '@koneksi/contracts/blast-recipients';
import type { Blast, BlastProgress } from '@koneksi/contracts/blasts';
import fc from 'fast-check';
import { patiently } from '../../test/support/eventually.js';
import { claimNewOutlet } from '../../test/support/journal.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import type { Ownership } from '../wa-session/fence.js';
import type { Config } from '../config/config.js';
import type { BlastKeys } from './blast-keys.js';
import { BlastPolicies } from './blast-policy.js';
import { BlastReader, visibleProgress } from './blast-reader.js';
import { Ledger } from './ledger.js';
import { Progress } from './progress.js';
import { RecipientReader } from './recipient-reader.js';
import { ReplyWords } from './replies/reply-words.js';
import { SendStore } from './sending/send-store.js';

const OUTLETS = 3;
const EACH = 5;
const STATUSES = ['queued', 'sent', 'delivered', 'read', 'failed', 'skipped', 'unknown'] as const;
const keys = { messageIfWhole: () => 'Halo' } as unknown as BlastKeys;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A blast as somebody's page has it: read once, then told. */
interface Page {
  caller: Caller;
  blast: Blast;
  recipients: Map<string, BlastRecipient>;
  /** Outlets of which more moved than were named: their rows must be read again. */
  unnamed: Set<string>;
}

/** A blast that is being sent, with everybody who watches it. */
class Watched {
  readonly id = randomUUID();
  private owners: Ownership[] = [];
  readonly pages: Page[] = [];
  /** What was told while somebody's page was being read, and is to be applied to it. */
  private readonly readings = new Set<((page: Page) => void)[]>();
  readonly ledger: Ledger;
  private readonly store: SendStore;
  private readonly reader: BlastReader;
  private readonly recipients: RecipientReader;
  private readonly progress: Progress;
  private readonly bus = new EventBus();
  private hasSettled = false;
  /** What was read for the first word after everything settled. */
  private last: BlastProgress | null = null;
  private readonly lastTold = Promise.withResolvers<void>();

  constructor() {
    const { dataSource } = database;
    const clock = new Clock();
    this.ledger = new Ledger(dataSource, clock);
    this.store = new SendStore(dataSource, clock);
    this.reader = new BlastReader(dataSource, keys, clock);
    const policies = new BlastPolicies(dataSource, { blastContentDays: 90 } as Config);
    this.recipients = new RecipientReader(dataSource, new ReplyWords(dataSource, keys), policies);
    const progress = async (id: string): Promise<BlastProgress | null> => {
      const isLast = this.hasSettled;
      const news = await this.reader.progress(id);
      if (isLast) this.last ??= news;
      return news;
    };
    this.progress = new Progress({ progress } as BlastReader, this.bus, this.ledger);
    this.bus.on('blast.progressed', (news) => {
      this.tell((page) => applyProgress(page, news));
      if (news === this.last) this.lastTold.resolve();
    });
    this.bus.on('blast-recipients.changed', (news) => {
      this.tell((page) => applyChanges(page, news));
    });
  }

  get outletIds(): string[] {
    return this.owners.map(({ outletId }) => outletId);
  }

  async begin(): Promise<void> {
    const { dataSource } = database;
    for (let place = 0; place < OUTLETS; place++) this.owners.push(await claimNewOutlet(dataSource));
    await dataSource.query(
      `INSERT INTO blasts (id, status, created_at, created_by, created_by_name, recipients, key_id, wrapped_key, message, request_hash)
       VALUES ($1, 'running', now(), $1, 'Budi', $2, '', '', '', '')`,
      [this.id, OUTLETS * EACH],
    );
    await dataSource.query(
      `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, sending)
       SELECT $1, id, 'Outlet', $3 FROM unnest($2::uuid[]) AS id`,
      [this.id, this.outletIds, EACH],
    );
    await dataSource.query(
      `INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, status, message_id)
       SELECT $1::uuid, (o.place - 1) * $3 + n, o.id, '62877' || o.place || n, 'sending', $1::text || '-' || o.place || '-' || n
       FROM unnest($2::uuid[]) WITH ORDINALITY o(id, place), generate_series(1, $3::int) n`,
      [this.id, this.outletIds, EACH],
    );
  }

  /** As a page does: it listens before it reads, and applies what it heard meanwhile to what it read. */
  async look(caller: Caller): Promise<void> {
    const heard: ((page: Page) => void)[] = [];
    this.readings.add(heard);
    const page = await this.read(caller);
    this.readings.delete(heard);
    for (const news of heard) news(page);
    this.pages.push(page);
  }

  async read(caller: Caller): Promise<Page> {
    const blast = await this.reader.require(caller, this.id);
    const { recipients } = await this.recipients.page(caller, this.id, { limit: 500 });
    return { caller, blast, recipients: new Map(recipients.map((one) => [one.id, one])), unnamed: new Set() };
  }

  private tell(news: (page: Page) => void): void {
    for (const page of this.pages) news(page);
    for (const heard of this.readings) heard.push(news);
  }

  async moveMany(outletId: string, to: RecipientStatus, from: RecipientStatus): Promise<void> {
    await this.ledger.moveMany(to, null, [from], 'r.blast_id = $6 AND r.outlet_id = $7', [this.id, outletId]);
  }

  async hold(outletPlace: number, code: HoldCode | null): Promise<void> {
    const owner = this.owners[outletPlace]!;
    this.ledger.touched(await this.ledger.between(() => this.store.hold(owner, [this.id], code, null)));
  }

  /** Resolves once everything was told; the rows leave before the totals do. */
  async quiet(): Promise<void> {
    this.hasSettled = true;
    this.ledger.touched([this.id]);
    await patiently(this.lastTold.promise, () => 'The last word never came');
    this.progress.onModuleDestroy();
  }
}

/** The rules of the dashboard: what is older than what is known is dropped. */
function applyProgress(page: Page, news: BlastProgress): void {
  const visible = visibleProgress(news, page.caller);
  if (!visible || visible.revision <= page.blast.revision) return;
  const { revision, status, counts, tooOften, outlets } = visible;
  const byId = new Map(outlets.map((outlet) => [outlet.outletId, outlet]));
  page.blast = {
    ...page.blast,
    revision,
    status,
    counts,
    tooOften,
    outlets: page.blast.outlets.map((outlet) => ({ ...outlet, ...byId.get(outlet.outletId) })),
  };
}

function applyChanges(page: Page, { outletId, recipients, complete }: RecipientChanges): void {
  if (page.caller.outletIds !== 'all' && !page.caller.outletIds.includes(outletId)) return;
  if (!complete) page.unnamed.add(outletId);
  for (const news of recipients) page.recipients.set(news.id, { ...page.recipients.get(news.id)!, ...news });
}

const place = fc.nat(OUTLETS - 1);
const deeds = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('record' as const, 'note' as const),
      seq: fc.integer({ min: 1, max: OUTLETS * EACH }),
      to: fc.constantFrom(...STATUSES),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('many' as const),
      place,
      to: fc.constantFrom(...STATUSES),
      from: fc.constantFrom<RecipientStatus>('sending', 'queued', 'failed'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      place,
      code: fc.option(fc.constantFrom<HoldCode>('DAILY_CAP', 'OUTLET_UNHEALTHY')),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), place: fc.option(place) }) },
);

test('an old reading of a blast with what was told since then equals a new reading, for whoever may see it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 40 }), async (history) => {
      const watched = new Watched();
      await watched.begin();
      const moves: Promise<unknown>[] = [];
      for (const deed of history) {
        if (deed.do === 'many') await watched.moveMany(watched.outletIds[deed.place]!, deed.to, deed.from);
        else if (deed.do === 'hold') await watched.hold(deed.place, deed.code);
        else if (deed.do === 'look') {
          const outletIds: Caller['outletIds'] = deed.place === null ? 'all' : [watched.outletIds[deed.place]!];
          await watched.look({ outletIds } as Caller);
        } else moves.push(watched.ledger[deed.do]({ blastId: watched.id, seq: deed.seq, to: deed.to }));
      }
      await Promise.all(moves);
      await watched.quiet();
      for (const page of watched.pages) {
        const now = await watched.read(page.caller);
        expect(page.blast).toEqual(now.blast);
        const named = ({ recipients }: Page): BlastRecipient[] =>
          [...recipients.values()].filter(({ outletId }) => !page.unnamed.has(outletId));
        expect(named(page)).toEqual(named(now));
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);
