import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { ResumeAnswer } from '@koneksi/contracts/realtime';
import { Dashboard } from './support/dashboard.js';
import { Koneksi } from './support/koneksi.js';

const INDONESIAN = 'Outlet ini belum pernah ditautkan.';
const ENGLISH = 'This outlet has never been linked.';

let koneksi: Koneksi;
let outlet: Outlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  outlet = await koneksi.outlet();
});
afterAll(() => koneksi.stop());

interface Reader {
  locale?: unknown;
  header?: string;
}

const openAs = ({ locale, header }: Reader): Promise<Dashboard> =>
  Dashboard.open(koneksi.app.url, koneksi.token, {
    auth: { token: koneksi.token, ...(locale !== undefined && { locale }) },
    ...(header !== undefined && { extraHeaders: { 'accept-language': header } }),
  });

const saidOf = (statuses: readonly OutletStatus[]): string | undefined =>
  statuses.find(({ outletId }) => outletId === outlet.id)?.reason?.message;

let renamed = 0;
/** A change of the outlet that leaves its reason as it is; answers its new name. */
async function change(): Promise<string> {
  const name = `Outlet ${++renamed}`;
  await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name } });
  return name;
}

const hears = async (reader: Dashboard, name: string): Promise<string | undefined> =>
  (await reader.next(outlet.id, name, ({ status }) => status.outlet.name === name)).status.reason?.message;

test('two readers of one outlet are each told in their language, at once and as it changes', async () => {
  const [english, indonesian] = await Promise.all([openAs({ locale: 'en' }), openAs({ locale: 'id' })]);
  expect([english, indonesian].map(({ snapshot }) => saidOf(snapshot.statuses))).toEqual([ENGLISH, INDONESIAN]);
  const name = await change();
  expect(await Promise.all([hears(english, name), hears(indonesian, name)])).toEqual([ENGLISH, INDONESIAN]);
  // Each once: nobody hears the same change in both.
  for (const { changes } of [english, indonesian])
    expect(changes.filter(({ status }) => status.outlet.name === name)).toHaveLength(1);
  english.close();
  indonesian.close();
});

test.each<[string, Reader, string]>([
  ['says nothing', {}, INDONESIAN],
  ['has a browser that asks for English', { header: 'en-GB,en;q=0.9,id;q=0.5' }, ENGLISH],
  ['chose Indonesian in an English browser', { locale: 'id', header: 'en' }, INDONESIAN],
  ['asks for what we do not speak', { locale: 'fr', header: 'en' }, ENGLISH],
  ['sends something else for a language', { locale: { en: true } }, INDONESIAN],
])('who %s is told in %j', async (_, reader, sentence) => {
  const dashboard = await openAs(reader);
  expect(saidOf(dashboard.snapshot.statuses)).toBe(sentence);
  const name = await change();
  expect(await hears(dashboard, name)).toBe(sentence);
  dashboard.close();
});

test('what was missed is told in the language of who resumes', async () => {
  const before = await openAs({ locale: 'en' });
  const { cursor } = before.snapshot;
  const name = await change();
  // Once it is told it is in the log of what happened.
  await hears(before, name);
  before.close();
  const after = await openAs({ locale: 'en' });
  const missed: ResumeAnswer = await after.socket.emitWithAck('outlet-status:resume', { cursor });
  expect(JSON.stringify(missed)).toContain(ENGLISH);
  expect(JSON.stringify(missed)).not.toContain(INDONESIAN);
  // Of a cursor that is not ours the whole is told instead.
  const whole: ResumeAnswer = await after.socket.emitWithAck('outlet-status:resume', { cursor: 9_000_000_000 });
  expect(JSON.stringify(whole)).toContain(ENGLISH);
  expect(JSON.stringify(whole)).not.toContain(INDONESIAN);
  after.close();
});

test('no sentence is stored: only its code and what it speaks of', async () => {
  const rows = await koneksi.database.dataSource.query<{ element: { reason: object } }[]>(
    'SELECT element FROM outlet_status_change WHERE outlet_id = $1 AND element IS NOT NULL',
    [outlet.id],
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { element } of rows) expect(element.reason).toEqual({ code: 'NEVER_LINKED', params: {} });
});
