import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { Ledger } from '../src/blast/ledger.js';
import { SendStore } from '../src/blast/sending/send-store.js';
import { Clock } from '../src/common/clock.js';
import { CredentialStore, FencedWrite } from '../src/wa-session/credentials/credential-store.js';
import { KeyEncryptionKey } from '../src/common/envelope.js';
import { toRecord } from '../src/wa-session/domain/session-record.js';
import { beginning } from '../src/wa-session/domain/transition.js';
import type { Ownership } from '../src/wa-session/fence.js';
import { LinkCareStore } from '../src/wa-session/link-care-store.js';
import { eventually } from './support/eventually.js';
import { elementOf, journalOn } from './support/journal.js';
import { lockWaits } from './support/lock-waits.js';
import { MADE, OwnedOutlet, QUEUED, SENDING } from './support/owned-outlet.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

let database: TestDatabase;
let dataSource: DataSource;
let ledger: Ledger;
let sendStore: SendStore;
let credentials: CredentialStore;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = database.dataSource;
  ledger = new Ledger(dataSource, new Clock());
  sendStore = new SendStore(dataSource, new Clock());
  credentials = new CredentialStore(dataSource, new KeyEncryptionKey(randomBytes(32)));
});
afterAll(() => database.drop());

interface Write {
  run: (outlet: OwnedOutlet, owner: Ownership) => Promise<unknown>;
  /** What must be there before. */
  prepare?: (outlet: OwnedOutlet) => Promise<unknown>;
  /** A row that this write waits for where somebody else has it locked; `$1` is the outlet, `$2` its blast. */
  waitsFor: string;
}

const BLAST = 'SELECT 1 FROM blasts WHERE id = $2 AND $1 <> $2 FOR UPDATE';
const RECIPIENTS = 'SELECT 1 FROM blast_recipients WHERE blast_id = $2 AND outlet_id = $1 FOR UPDATE';
const SESSION = 'SELECT 1 FROM wa_session WHERE outlet_id = $1 AND $1 <> $2 FOR UPDATE';
const CREDENTIAL = 'SELECT 1 FROM wa_credential WHERE outlet_id = $1 AND $1 <> $2 FOR UPDATE';
const bytes = Buffer.from('bytes');

const link = (outlet: OwnedOutlet): Promise<unknown> =>
  credentials
    .create(outlet.now, bytes)
    .then((made) => credentials.write(outlet.now, made, { creds: { bytes, linkedNumber: '62877' }, keys: [] }));

const openLink = async (outlet: OwnedOutlet): Promise<NonNullable<Awaited<ReturnType<CredentialStore['find']>>>> =>
  (await credentials.find(outlet.outletId))!;

const made = (seq: number) => ({ seq, messageId: randomUUID(), content: bytes, madeFrom: 'new', name: null });

function writeStatus({ outletId }: OwnedOutlet, owner: Ownership): Promise<unknown> {
  const outlet = { name: 'Outlet', number: '62877', isActive: true, autoReconnect: true, city: null, tags: [] };
  const found = { outlet, linkedNumber: null, linkedAt: null, sessionName: null, lastSeen: null, seed: 1 };
  const record = toRecord(beginning({ outletId, ...found }));
  const element = elementOf(outletId, outlet, record);
  const { journal } = journalOn(dataSource);
  return new Promise((settled) =>
    journal.write({ owner, record, previous: 'CONNECTED', milestone: true, element, settled }),
  );
}

const row = ({ blastId }: OwnedOutlet, seq: number): { blastId: string; seq: number } => ({ blastId, seq });
const all = 'r.blast_id = $6';
const at = new Date().toISOString();

/** Every write that only the owner of an outlet may make. */
const WRITES: Record<string, Write> = {
  'a new link': {
    run: (_, owner) => credentials.create(owner, bytes),
    waitsFor: 'SELECT 1 FROM outlets WHERE id = $1 AND $1 <> $2 FOR UPDATE',
  },
  credentials: {
    prepare: link,
    run: async (outlet, owner) =>
      credentials.write(owner, await openLink(outlet), { creds: { bytes, linkedNumber: '62878' }, keys: [] }),
    waitsFor: CREDENTIAL,
  },
  'a Signal key': {
    prepare: link,
    run: async (outlet, owner) =>
      credentials.write(owner, await openLink(outlet), { keys: [{ kind: 'session', id: 'a', value: bytes }] }),
    waitsFor: CREDENTIAL,
  },
  'a link set aside': { prepare: link, run: (_, owner) => credentials.quarantine(owner, 5), waitsFor: CREDENTIAL },
  'a status': { run: writeStatus, waitsFor: 'SELECT 1 FROM status_cursor WHERE $1::uuid <> $2::uuid FOR UPDATE' },
  'a sign of life': {
    run: (_, owner) => journalOn(dataSource).journal.writeLastSeen([{ owner, at, phoneAt: at }]),
    waitsFor: SESSION,
  },
  'a pulse': { run: (_, owner) => new LinkCareStore(dataSource).notePulse(owner, Date.now()), waitsFor: SESSION },
  'a phone that was asked': {
    run: (_, owner) => new LinkCareStore(dataSource).noteAsked(owner, Date.now()),
    waitsFor: SESSION,
  },
  'a recipient taken for sending': {
    run: (outlet, owner) =>
      ledger.claim(row(outlet, MADE), { owner, day: '2026-11-27', isNew: true, restUntil: Date.now() + 30_000 }),
    waitsFor: BLAST,
  },
  'one that never left': {
    run: (outlet, owner) =>
      ledger.record({ ...row(outlet, SENDING), to: 'queued', from: ['sending'], owner, taken: true }),
    waitsFor: BLAST,
  },
  'one that WhatsApp refused': {
    run: (outlet, owner) =>
      ledger.record({ ...row(outlet, SENDING), to: 'failed', reason: 'REFUSED', owner, taken: true }),
    waitsFor: BLAST,
  },
  'one refused late': {
    run: (outlet, owner) =>
      ledger.record({ ...row(outlet, SENDING), to: 'failed', from: ['sending', 'unknown'], owner }),
    waitsFor: BLAST,
  },
  'one that gets nothing': {
    run: (outlet, owner) => ledger.record({ ...row(outlet, QUEUED), to: 'skipped', reason: 'TOO_LONG', owner }),
    waitsFor: BLAST,
  },
  'a part that cannot be sent': {
    run: ({ blastId }, owner) => ledger.moveMany('failed', 'UNREADABLE', ['queued'], all, [blastId], owner),
    waitsFor: BLAST,
  },
  'what nobody knows of': {
    run: ({ blastId }, owner) => ledger.moveMany('unknown', 'INTERRUPTED', ['sending'], all, [blastId], owner),
    waitsFor: BLAST,
  },
  'a part on hold': {
    run: ({ blastId }, owner) => sendStore.hold(owner, [blastId], 'RESTRICTED', Date.now()),
    waitsFor: BLAST,
  },
  'a part that goes on': { run: ({ blastId }, owner) => sendStore.hold(owner, [blastId], null, null), waitsFor: BLAST },
  'a part that is stopped': {
    run: ({ blastId }, owner) => sendStore.hold(owner, [blastId], 'STOPPED_REFUSALS', null, true),
    waitsFor: BLAST,
  },
  'id and bytes of a message': {
    run: ({ blastId }, owner) => sendStore.keepContents(owner, blastId, [made(QUEUED), made(MADE)]),
    waitsFor: RECIPIENTS,
  },
  'another number of a contact': {
    run: ({ blastId }, owner) => sendStore.renumber(owner, blastId, QUEUED, '62879'),
    waitsFor: RECIPIENTS,
  },
};
const named = Object.keys(WRITES).map((name) => [name] as const);

/** Whether a row is another one afterwards. What is refused changes none, however it says so. */
async function changes(outlet: OwnedOutlet, { run }: Write, owner: Ownership): Promise<boolean> {
  const before = await outlet.rows();
  await run(outlet, owner).catch((error: unknown) => {
    if (!(error instanceof FencedWrite)) throw error;
  });
  return (await outlet.rows()) !== before;
}

async function outletFor({ prepare }: Write): Promise<OwnedOutlet> {
  const outlet = await OwnedOutlet.make(dataSource);
  await prepare?.(outlet);
  return outlet;
}

/** Which of the processes that had the outlet, and which of its epochs, a write names; counted from the present back. */
const names = fc.record({ claims: fc.integer({ min: 1, max: 4 }), owner: fc.nat(4), epoch: fc.nat(4) });

test.each(named)(
  '%s: whoever is not the owner under its newest claim changes no row',
  async (name) => {
    const write = WRITES[name]!;
    await fc.assert(
      fc.asyncProperty(names, async ({ claims, ...back }) => {
        const outlet = await outletFor(write);
        for (let claim = 1; claim < claims; claim++) await outlet.claimAnew();
        await outlet.takeAnew();
        const past = (steps: number): Ownership => outlet.claims.toReversed()[Math.min(steps, claims - 1)]!;
        // One beyond them all never had it, though it may know the epoch: a replica that was promoted may give it twice.
        const owner = back.owner >= claims ? randomUUID() : past(back.owner).owner;
        const { epoch } = past(back.epoch);
        const isOwner = owner === outlet.now.owner && epoch === outlet.now.epoch;
        expect(await changes(outlet, write, { outletId: outlet.outletId, owner, epoch })).toBe(isOwner);
      }),
      {
        numRuns: 8,
        examples: [
          [{ claims: 1, owner: 0, epoch: 0 }],
          [{ claims: 2, owner: 1, epoch: 1 }],
          [{ claims: 2, owner: 4, epoch: 0 }],
        ],
      },
    );
  },
  120_000,
);

test.each(named)(
  '%s: the next claim waits for what is being written under the one before',
  async (name) => {
    const write = WRITES[name]!;
    const outlet = await outletFor(write);
    const { now: owner } = outlet;
    const before = await outlet.rows();
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query(write.waitsFor, [outlet.outletId, outlet.blastId]);
    const written = write.run(outlet, owner);
    let isClaimed = false;
    let heir: Promise<unknown> | undefined;
    try {
      await eventually('the write waits', async () => (await lockWaits(dataSource)) === 1);
      heir = outlet.claimAnew().then(() => (isClaimed = true));
      await eventually('the claim waits, or does not', async () => isClaimed || (await lockWaits(dataSource)) === 2);
      expect(isClaimed).toBe(false);
    } finally {
      await holder.commitTransaction();
      await holder.release();
      await Promise.allSettled([written, heir]);
    }
    // Whoever has it now reads all of that.
    expect(await outlet.rows()).not.toBe(before);
  },
  120_000,
);

test.each(['one that never left', 'one that WhatsApp refused'])(
  '%s: the owner says so of nothing that was taken under another claim',
  async (name) => {
    const outlet = await OwnedOutlet.make(dataSource);
    await outlet.claimAnew();
    expect(await changes(outlet, WRITES[name]!, outlet.now)).toBe(false);
    await outlet.takeAnew();
    expect(await changes(outlet, WRITES[name]!, outlet.now)).toBe(true);
  },
);

test('what is taken for sending names its claim, and begins the pause of the outlet', async () => {
  const outlet = await OwnedOutlet.make(dataSource);
  const owner = await outlet.claimAnew();
  const restUntil = Date.now() + 30_000;
  await ledger.claim(row(outlet, MADE), { owner, day: '2026-11-27', isNew: true, restUntil });
  const [kept] = await dataSource.query<{ claim_epoch: string; rest_until: Date }[]>(
    `SELECT r.claim_epoch, d.rest_until FROM blast_recipients r JOIN blast_days d USING (outlet_id)
     WHERE r.blast_id = $1 AND r.seq = $2`,
    [outlet.blastId, MADE],
  );
  expect(kept).toEqual({ claim_epoch: owner.epoch, rest_until: new Date(restUntil) });
});
