import { beforeEach, expect, test } from '@jest/globals';
import { proto, type SignalDataSet, type SignalKeyStore } from '@whiskeysockets/baileys';
import { WaitingHistories } from './waiting-histories.js';

const DAY = 24 * 3_600_000;
const { INITIAL_BOOTSTRAP, PUSH_NAME } = proto.HistorySync.HistorySyncType;

let stored: Map<string, unknown>;
let now: number;
let keys: SignalKeyStore;

beforeEach(() => {
  stored = new Map();
  givenUp = 0;
  now = Date.UTC(2026, 10, 27);
  keys = {
    get: (_kind, ids) =>
      Object.fromEntries(ids.flatMap((id) => (stored.has(id) ? [[id, stored.get(id)]] : []))) as never,
    set: async ({ tctoken }: SignalDataSet) => {
      // As a database does, it takes a moment.
      await new Promise((resolve) => setImmediate(resolve));
      for (const [id, value] of Object.entries(tctoken ?? {}))
        if (value) stored.set(id, structuredClone(value));
        else stored.delete(id);
    },
  };
});

let givenUp: number;
const histories = (): WaitingHistories =>
  new WaitingHistories(
    keys,
    () => now,
    (count) => (givenUp += count),
  );
const history = (path: string, syncType = INITIAL_BOOTSTRAP): proto.Message.IHistorySyncNotification => ({
  syncType,
  directPath: path,
  mediaKey: Buffer.alloc(32, 7),
  fileSha256: Buffer.alloc(32, 8),
  fileEncSha256: Buffer.alloc(32, 9),
});
const paths = async (of: WaitingHistories): Promise<(string | null | undefined)[]> =>
  (await of.left()).map(([, { directPath }]) => directPath);

test('what was kept is left for whoever comes next, whole, until it is forgotten', async () => {
  const inline = { syncType: PUSH_NAME, initialHistBootstrapInlinePayload: Buffer.from('all of it') };
  await histories().keep('A', history('/one'));
  now += 1_000;
  await histories().keep('B', inline);
  const [[one, first], [two, second]] = (await histories().left()) as [
    [string, typeof inline],
    [string, typeof inline],
  ];
  expect([one, two]).toEqual(['A', 'B']);
  expect(first).toMatchObject({ ...history('/one') });
  expect(Buffer.from(second.initialHistBootstrapInlinePayload).toString()).toBe('all of it');
  await histories().forget('A');
  expect((await histories().left()).map(([id]) => id)).toEqual(['B']);
  await histories().forget('B');
  expect(stored.size).toBe(0);
});

test('several at once lose none of each other, and one that comes again is one', async () => {
  const kept = histories();
  await Promise.all(['A', 'B', 'C'].map((id) => kept.keep(id, history(`/${id}`))));
  await Promise.all([kept.forget('B'), kept.keep('A', history('/A')), kept.keep('D', history('/D'))]);
  expect((await paths(histories())).sort()).toEqual(['/A', '/C', '/D']);
});

test('what WhatsApp keeps no longer is not asked for', async () => {
  await histories().keep('A', history('/old'));
  now += 10 * DAY;
  await histories().keep('B', history('/new'));
  now += 5 * DAY;
  expect(await paths(histories())).toEqual(['/new']);
});

const keptIds = (): string[] =>
  [...stored.values()].flatMap((entry) =>
    Object.keys(JSON.parse(Buffer.from((entry as { token: Buffer }).token).toString()) as object),
  );

test.each<[when: string, act: (kept: WaitingHistories) => Promise<unknown>, left: string[]]>([
  ['another comes', (kept) => kept.keep('C', history('/c')), ['B', 'C']],
  ['another is read', (kept) => kept.forget('B'), []],
  ['a connection looks what is left', (kept) => kept.left(), ['B']],
])('nor is it kept any longer once %s', async (_, act, left) => {
  await histories().keep('A', history('/old'));
  now += 10 * DAY;
  await histories().keep('B', history('/new'));
  now += 5 * DAY;
  await act(histories());
  expect(keptIds()).toEqual(left);
  expect(givenUp).toBe(1);
});

test('what no connection could read for a day is given up and counted, and no other with it', async () => {
  await histories().keep('A', history('/dead'));
  for (let round = 0; round < 10; round++) await histories().failed(['A']);
  // Their host may be away for hours.
  expect([keptIds(), givenUp]).toEqual([['A'], 0]);
  now += DAY;
  await histories().keep('B', history('/new'));
  await histories().failed(['A', 'B', 'gone']);
  expect([keptIds(), givenUp]).toEqual([['B'], 1]);
  now += DAY;
  for (let round = 0; round < 3; round++) await histories().failed(['B']);
  expect(givenUp).toBe(1);
  await histories().failed(['B']);
  expect([keptIds(), givenUp]).toEqual([[], 2]);
});

test('a store that fails is told of, and what follows is kept', async () => {
  const kept = histories();
  const { set } = keys;
  keys.set = () => Promise.reject(new Error('no store'));
  await expect(kept.keep('A', history('/one'))).rejects.toThrow('no store');
  keys.set = set;
  await kept.keep('B', history('/two'));
  expect(await paths(kept)).toEqual(['/two']);
});
