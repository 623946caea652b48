import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { plainMedia } from '../simulator/test/plain-media.js';
import { ChildKoneksi } from './support/child-koneksi.js';
import { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi } from './support/koneksi.js';

/** In a process that begins with this no file ever comes. */
const NO_FILES = '--import=data:text/javascript,globalThis.fetch=()=>new%20Promise(()=>undefined)';
const CONVERSATIONS = 200;

let koneksi: Koneksi;
let restoreMedia: () => void;

beforeAll(async () => {
  koneksi = await Koneksi.start({ simulator: { control: true } });
  restoreMedia = plainMedia(() => koneksi.simulator);
});
afterAll(async () => {
  restoreMedia();
  await koneksi.stop();
});

test('a kill between the acknowledgement of a history and its reading loses neither tokens nor LIDs', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  phone.history = { conversations: CONVERSATIONS, messages: 400 };
  phone.demandsTokens = true;
  let acknowledged = 0;
  koneksi.simulator.on('receipt', ({ type }) => void (type === 'hist_sync' && acknowledged++));
  await koneksi.pause();

  const child = await ChildKoneksi.start({ ...koneksi.env, NODE_OPTIONS: NO_FILES });
  await child.ready();
  const token = await child.signIn();
  const page = await Dashboard.open(child.url, token);
  await child.call('POST', `/outlets/${outlet.id}/connect`, token);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
  await eventually('all acknowledgements', () => acknowledged >= phone.historyFiles.length);
  await child.kill();
  page.close();
  expect(phone.historyFiles.every(({ downloads }) => downloads === 0)).toBe(true);
  expect(await tokens(outlet.id)).toBeLessThan(CONVERSATIONS);

  await koneksi.resume();
  await eventually('the tokens', async () => (await tokens(outlet.id)) > CONVERSATIONS);
  const number = `62855${String(CONVERSATIONS - 1).padStart(8, '0')}`;
  await eventually('the mapping', async () => {
    const [row] = await koneksi.database.dataSource.query<{ number: string }[]>(
      'SELECT number FROM known_numbers WHERE alias = $1',
      [`${koneksi.simulator.phone(number).lid}@lid`],
    );
    return row?.number === number;
  });
  for (const to of [number, '628111222006']) {
    const { inbox } = koneksi.simulator.phone(to);
    const body = { outletId: outlet.id, phone: to, message: 'Halo', mediaId: null };
    expect((await koneksi.call('POST', '/blasts/test', { body })).code).toBeUndefined();
    await eventually(`the message to ${to}`, () => koneksi.simulator.phone(to).inbox.length > inbox.length);
  }
  // Read once, and no more.
  await eventually('nothing is left', async () => (await waiting(outlet.id)) === 0);
  await koneksi.pause();
  await koneksi.resume();
  await eventually('the login', async () => (await koneksi.status(outlet.id)).healthy);
  const [bootstrap] = phone.historyFiles.filter(({ syncType }) => syncType === 'INITIAL_BOOTSTRAP');
  expect(bootstrap!.downloads).toBe(1);
});

async function count(outletId: string, which: string): Promise<number> {
  const [row] = await koneksi.database.dataSource.query<{ count: string }[]>(
    `SELECT count(*) FROM wa_signal_key k JOIN wa_credential c ON c.id = k.credential_id
     WHERE c.outlet_id = $1 AND k.kind = 'tctoken' AND k.key_id ${which}`,
    [outletId],
  );
  return Number(row!.count);
}

const tokens = (outletId: string): Promise<number> => count(outletId, `<> '__waiting_histories'`);
const waiting = (outletId: string): Promise<number> => count(outletId, `= '__waiting_histories'`);
