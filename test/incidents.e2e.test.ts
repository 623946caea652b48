import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Incident, IncidentPage } from '@koneksi/contracts/incidents';
import type { IncidentChange } from '@koneksi/contracts/realtime';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

/** What a link is told to have ended for that was unlinked, sooner or later after it was made. */
const UNLINKED = ['REMOVED_BY_WHATSAPP', 'LOGGED_OUT'];

let koneksi: Koneksi;
let admin: Dashboard;
let outlets: LinkedOutlet[];
let userToken: string;
const heard: IncidentChange[] = [];

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { INCIDENT_AFTER_MS: '200', INCIDENT_WELL_FOR_MS: '200' } });
  admin = await koneksi.dashboard();
  admin.socket.on('incident:changed', (change) => void heard.push(change));
  outlets = [];
  for (const name of ['Braga', 'Cihampelas', 'Dago']) outlets.push(await koneksi.linked(admin, { name }));
  userToken = (await koneksi.person('USER', [outlets[0]!.outlet.id])).token;
});
afterAll(() => koneksi.stop());

async function list(query = '', token = koneksi.token): Promise<Incident[]> {
  return expectOk(await koneksi.call<IncidentPage>('GET', `/incidents${query}`, { token })).items;
}

const of = ({ outlet }: LinkedOutlet, query = ''): Promise<Incident[]> => list(`?outletId=${outlet.id}${query}`);

/** What has just broken; a start or a slow machine may make others. */
const open = (linked: LinkedOutlet, count: number): Promise<Incident> =>
  eventually(`an incident with ${count} outlets`, async () =>
    (await of(linked, '&open=true')).find(
      ({ down, reason }) => down === count && UNLINKED.includes(reason?.code ?? ''),
    ),
  );

const over = (id: string): Promise<Incident> =>
  eventually('its end', async () => {
    const incident = expectOk(await koneksi.call<Incident>('GET', `/incidents/${id}`));
    return incident.endedAt !== null && incident;
  });

async function relink({ outlet, phone }: LinkedOutlet): Promise<void> {
  await koneksi.connect(outlet.id);
  await phone.scan(await admin.qr(outlet.id));
  await admin.becomes(outlet.id, 'CONNECTED');
}

test('outlets that broke together are one incident, with those a caller may see', async () => {
  for (const { phone } of outlets.slice(0, 2)) phone.unlink();
  const { id, reason, struck, startedAt } = await open(outlets[0]!, 2);
  expect(reason!.message).not.toBe('');
  expect(struck).toBe(2);
  expect(Date.now() - Date.parse(startedAt)).toBeLessThan(60_000);
  await eventually('the push', () => heard.some(({ incidentId, open }) => incidentId === id && open));

  const whole = expectOk(await koneksi.call<Incident>('GET', `/incidents/${id}`));
  expect(whole.outlets.map(({ name, until }) => [name, until]).sort()).toEqual([
    ['Braga', null],
    ['Cihampelas', null],
  ]);
  const mine = (await list('', userToken)).find((incident) => incident.id === id);
  expect(mine).toMatchObject({ id, struck: 1, down: 1, mayAcknowledge: false, outlets: [{ name: 'Braga' }] });
  expect(JSON.stringify(mine)).not.toContain('Cihampelas');
});

test('who takes care of it is told; of what struck others an ADMIN takes care', async () => {
  const { id } = await open(outlets[1]!, 2);
  const path = `/incidents/${id}/acknowledge`;
  expect(await koneksi.call('POST', path, { token: userToken })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  const { user, token } = await koneksi.person('ADMIN');
  const taken = expectOk(await koneksi.call<Incident>('POST', path, { token }));
  expect(taken.acknowledged).toMatchObject({ by: user.name });
  expect(await list('', userToken)).toContainEqual(expect.objectContaining({ id, acknowledged: taken.acknowledged }));
});

test('it outlives the process, and is over once all were well again', async () => {
  const { id } = await open(outlets[1]!, 2);
  await koneksi.pause();
  await koneksi.resume();
  admin = await koneksi.dashboard();
  admin.socket.on('incident:changed', (change) => void heard.push(change));
  expect((await open(outlets[1]!, 2)).id).toBe(id);
  await relink(outlets[0]!);
  expect((await open(outlets[1]!, 1)).struck).toBe(2);
  await relink(outlets[1]!);
  const { endedAt, startedAt, acknowledged, down } = await over(id);
  expect(Date.parse(endedAt!)).toBeGreaterThan(Date.parse(startedAt));
  expect(acknowledged).not.toBeNull();
  expect(down).toBe(0);
  await eventually('the push', () => heard.some(({ incidentId, open }) => incidentId === id && !open));
  expect(await koneksi.call('POST', `/incidents/${id}/acknowledge`)).toMatchObject({
    status: 409,
    code: 'INCIDENT_ENDED',
  });
});

test('a planned pause is none, and ends one', async () => {
  const [paused, , broken] = outlets as [LinkedOutlet, LinkedOutlet, LinkedOutlet];
  // After a restart it may still be on its way.
  await eventually('its login', async () => (await koneksi.status(broken.outlet.id)).healthy);
  const before = await of(paused);
  expectOk(await koneksi.call('POST', `/outlets/${paused.outlet.id}/pause`));
  await admin.becomes(paused.outlet.id, 'PAUSED_BY');
  // What breaks after the pause is counted after it: by then the pause would have been, too.
  broken.phone.unlink();
  const { id } = await open(broken, 1);
  expect(await of(paused)).toHaveLength(before.length);
  expectOk(await koneksi.call('POST', `/outlets/${broken.outlet.id}/pause`));
  await over(id);
});

test('pages of the past follow each other', async () => {
  const all = await list('?limit=50');
  expect(all.length).toBeGreaterThan(1);
  const first = expectOk(await koneksi.call<IncidentPage>('GET', '/incidents?limit=1'));
  const second = expectOk(await koneksi.call<IncidentPage>('GET', `/incidents?limit=1&after=${first.next}`));
  expect([first.items[0]!.id, second.items[0]!.id]).toEqual(all.slice(0, 2).map(({ id }) => id));
  expect((await list('?open=false')).every(({ endedAt }) => endedAt !== null)).toBe(true);
  expect(await list(`?from=${new Date(Date.now() + 1_000).toISOString()}`)).toEqual([]);
  expect(await koneksi.call('GET', '/incidents?after=x')).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
});

test.each(['99999999-9999-4999-8999-999999999999', 'no-id'])('there is none with the id %s', async (id) => {
  expect(await koneksi.call('GET', `/incidents/${id}`)).toMatchObject({ status: 404, code: 'INCIDENT_NOT_FOUND' });
});
