import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import { type HistoryFile, type Simulator, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, poll } from './companion.js';
import { control } from './control-call.js';
import { plainMedia } from './plain-media.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;

afterAll(plainMedia(() => simulator));

beforeEach(async () => {
  simulator = await startSimulator();
});

afterEach(async () => {
  await companions.stop();
  await simulator.stop();
});

const { FULL } = proto.Message.HistorySyncType;

/** Links a companion that takes these parts of the history. */
function link(wants: (type: number | null | undefined) => boolean): Promise<Companion> {
  return companions.pair(simulator, NUMBER, { shouldSyncHistoryMessage: ({ syncType }) => wants(syncType) });
}

const of = (type: HistoryFile['syncType']) =>
  simulator.phone(NUMBER).historyFiles.filter(({ syncType }) => syncType === type);

test('ten thousand messages come in files, of which only those are fetched that are wanted', async () => {
  simulator.phone(NUMBER);
  await control(simulator, `/phones/${NUMBER}/history`, { conversations: 200, messages: 10_000 });
  await link((type) => type !== FULL);
  const files = simulator.phone(NUMBER).historyFiles;
  expect(of('FULL').length).toBeGreaterThan(0);
  const isFetched = (): boolean =>
    simulator.phone(NUMBER).historyFiles.every(({ syncType, downloads }) => syncType === 'FULL' || downloads === 1);
  await poll(isFetched, 'the others');
  expect(
    files.reduce((sum, { syncType, messages }) => sum + (syncType === 'INITIAL_BOOTSTRAP' ? 0 : messages), 0),
  ).toBe(10_000);
  expect(of('INITIAL_BOOTSTRAP')).toMatchObject([{ messages: 100, downloads: 1 }]);
  expect(of('FULL').every(({ downloads }) => downloads === 0)).toBe(true);
  expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(2_000_000);
  expect(simulator.counters().historyDownloads).toBe(files.length - of('FULL').length);
});

test('a past can come within the notification, with its tokens and LIDs, and its people are no strangers', async () => {
  const shop = simulator.phone(NUMBER);
  shop.history = { conversations: 3, messages: 9, inline: true };
  shop.demandsTokens = true;
  const companion = await link(() => true);
  expect(of('INITIAL_BOOTSTRAP')).toMatchObject([{ messages: 3, directPath: null, downloads: 0 }]);
  const contact = simulator.phone('6285500000001');
  await poll(() => companion.credentials.keys.has(`tctoken ${contact.lid}@lid`), 'the token');
  await companion.status(await companion.send(`${contact.number}@s.whatsapp.net`, 'Halo lagi'), 3);
});

test('whom the first part does not tell of, a recent one does: rc14 has their token and LID from there', async () => {
  simulator.phone(NUMBER).history = { conversations: 4, messages: 40 };
  const companion = await link((type) => type !== FULL);
  expect(of('INITIAL_BOOTSTRAP')).toMatchObject([{ messages: 2 }]);
  for (const index of [0, 3]) {
    const { lid } = simulator.phone(`6285500000${String(index).padStart(3, '0')}`);
    await poll(() => companion.credentials.keys.has(`tctoken ${lid}@lid`), `the token of ${index}`);
  }
});

test('two phones with the same past share its files, and each has downloads of its own', async () => {
  const other = simulator.phone('628999999999');
  simulator.phone(NUMBER).history = { conversations: 10, messages: 100 };
  other.history = { conversations: 10, messages: 100 };
  await link(() => true);
  await poll(() => simulator.phone(NUMBER).historyFiles.every(({ downloads }) => downloads === 1), 'the files');
  expect(other.historyFiles).toEqual([]);
  await companions.pair(simulator, other.number);
  const hash = (path: string | null) => path?.split('?')[0];
  await poll(() => other.historyFiles.length === simulator.phone(NUMBER).historyFiles.length, 'the other past');
  expect(hash(other.historyFiles.at(-1)?.directPath ?? null)).toBe(hash(of('FULL').at(-1)?.directPath ?? null));
  expect(other.historyFiles.at(-1)).toMatchObject({ syncType: 'FULL', downloads: 0 });
  expect(() => (other.history = { conversations: 0, messages: 5 })).toThrow(
    expect.objectContaining({ code: 'HISTORY_INVALID' }),
  );
});
