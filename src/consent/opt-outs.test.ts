import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus, type Facts } from '../common/event-bus.js';
import { OptOuts, type KeywordReceived } from './opt-outs.js';

let database: TestDatabase;
let optOuts: OptOuts;
const events = new EventBus();
const facts: [keyof Facts, unknown][] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await database.dataSource.query(
    `INSERT INTO outlets (id, name, whatsapp_number, is_active, auto_reconnect) VALUES ($1, $2, '628000', true, true)`,
    [outlet.id, outlet.name],
  );
  optOuts = new OptOuts(database.dataSource, events, new Clock());
  for (const name of ['optout.recorded', 'optout.revoked'] as const)
    events.on(name, (fact) => facts.push([name, fact]));
});
afterAll(() => database.drop());
beforeEach(() => {
  facts.length = 0;
});

const outlet = { id: '00000000-0000-4000-8000-000000000001', name: 'Bandung' };
const admin: Caller = {
  id: '00000000-0000-4000-8000-000000000002',
  kind: 'user',
  name: 'Ani',
  role: 'ADMIN',
  outletIds: 'all',
};
const wrote = (number: string, keyword: OptOutKeyword, at = Date.now()): KeywordReceived => ({
  number,
  outletId: outlet.id,
  keyword,
  language: null,
  at,
});
const owedTo = (number: string): Promise<{ language: string; outlet_id: string; id: string }[]> =>
  database.dataSource.query('SELECT * FROM owed_confirmations WHERE number = $1', [number]);
const ledgerOf = (number: string): Promise<Record<string, unknown>[]> =>
  database.dataSource.query('SELECT * FROM opt_out_ledger WHERE number = $1 ORDER BY id', [number]);

test('a customer opts out once, however often they ask', async () => {
  expect(await optOuts.recordFromCustomer(wrote('628111', 'STOP'))).toBe(true);
  expect(await optOuts.recordFromCustomer(wrote('628111', 'BERHENTI'))).toBe(false);
  expect(await optOuts.recordByHand('628111', admin, null, null)).toBe(false);
  expect(await optOuts.isOptedOut(['628111', '628112'])).toEqual(new Set(['628111']));
  expect(await ledgerOf('628111')).toEqual([
    expect.objectContaining({
      action: 'OPT_OUT',
      means: 'KEYWORD',
      keyword: 'STOP',
      outlet_id: outlet.id,
      outlet_name: 'Bandung',
      caller_id: null,
    }),
  ]);
  expect(facts).toEqual([['optout.recorded', { number: '628111' }]]);
});

test('a person lets a number back in, with a note, once', async () => {
  await optOuts.recordByHand('628222', admin, outlet.id, 'told us at the counter');
  await optOuts.revoke('628222', admin, 'asked for promotions again');
  expect(await optOuts.isOptedOut(['628222'])).toEqual(new Set());
  await expect(optOuts.revoke('628222', admin, 'twice')).rejects.toMatchObject({ code: 'NOT_OPTED_OUT' });
  await optOuts.recordFromCustomer(wrote('628222', 'STOP'));
  expect((await ledgerOf('628222')).map(({ action, caller_name, note }) => [action, caller_name, note])).toEqual([
    ['OPT_OUT', 'Ani', 'told us at the counter'],
    ['OPT_IN', 'Ani', 'asked for promotions again'],
    ['OPT_OUT', null, null],
  ]);
  expect(facts.map(([name]) => name)).toEqual(['optout.recorded', 'optout.revoked', 'optout.recorded']);
});

test('a word is owed once for each opt-out of their own, in the language they wrote, and not once it is taken back', async () => {
  const english = { ...wrote('628131', 'STOP'), language: 'en' as const };
  await optOuts.recordFromCustomer(english);
  const [owed, ...others] = await owedTo('628131');
  expect([owed, others]).toEqual([expect.objectContaining({ language: 'en', outlet_id: outlet.id }), []]);
  expect(await optOuts.recordFromCustomer({ ...english, language: 'id' })).toBe(false);
  expect(await owedTo('628131')).toEqual([owed]);
  await optOuts.revoke('628131', admin, 'asked again');
  expect(await owedTo('628131')).toEqual([]);
  await optOuts.recordFromCustomer(english);
  const [again] = await owedTo('628131');
  expect(again?.id).not.toBe(owed?.id);
});

test.each([
  ['628132', 'STOP', 'id'],
  ['447700900132', 'STOP', 'en'],
  ['447700900133', 'BERHENTI', 'id'],
  ['628133', 'UNSUBSCRIBE', 'en'],
] as const)('whoever writes one word alone, %s %s, is answered in %s', async (number, keyword, language) => {
  await optOuts.recordFromCustomer(wrote(number, keyword));
  expect(await owedTo(number)).toMatchObject([{ language }]);
});

test('nothing is owed to a shop of ours, nor for what staff or a file says', async () => {
  await optOuts.recordFromCustomer(wrote('628000', 'STOP'));
  await optOuts.recordByHand('628134', admin, outlet.id, null);
  await database.dataSource.transaction((manager) => optOuts.addFromFile(manager, ['628135'], admin, outlet.id));
  expect(await optOuts.isOptedOut(['628000', '628134', '628135'])).toEqual(new Set(['628000', '628134', '628135']));
  for (const number of ['628000', '628134', '628135']) expect(await owedTo(number)).toEqual([]);
});

test('a STOP that is delivered late does not undo what a person did since', async () => {
  const hourAgo = Date.now() - 3_600_000;
  await optOuts.recordByHand('628555', admin, null, null);
  await optOuts.revoke('628555', admin, 'asked again');
  expect(await optOuts.recordFromCustomer(wrote('628555', 'STOP', hourAgo))).toBe(false);
  expect(await optOuts.isOptedOut(['628555'])).toEqual(new Set());
  // WhatsApp's clock counts whole seconds, and ours may be ahead of it.
  expect(await optOuts.recordFromCustomer(wrote('628555', 'STOP', Date.now() - 2_000))).toBe(true);
});

test('of many at once one is recorded', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => optOuts.recordFromCustomer(wrote('628333', 'STOP'))),
  );
  expect(answers.filter((isNew) => isNew)).toHaveLength(1);
  expect(await ledgerOf('628333')).toHaveLength(1);
  expect(facts).toHaveLength(1);
});

test.each([
  `UPDATE opt_out_ledger SET note = 'never happened'`,
  'DELETE FROM opt_out_ledger',
  'TRUNCATE opt_out_ledger',
])('the ledger refuses %s', async (statement) => {
  await expect(database.dataSource.query(statement)).rejects.toThrow('only ever added to');
});

test('the ledger takes no opting in without a person and a note', async () => {
  const insert = (caller: string | null, note: string | null): Promise<unknown> =>
    database.dataSource.query(
      `INSERT INTO opt_out_ledger (number, action, means, at, caller_id, caller_name, note)
       VALUES ('628444', 'OPT_IN', 'STAFF', now(), $1::uuid, $1::uuid, $2)`,
      [caller, note],
    );
  await expect(insert(null, 'why')).rejects.toThrow('violates check constraint');
  await expect(insert(admin.id, '')).rejects.toThrow('violates check constraint');
  await expect(insert(admin.id, null)).rejects.toThrow('violates check constraint');
});
