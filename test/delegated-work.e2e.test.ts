import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { Blast, BlastCreated } from '@koneksi/contracts/blasts';
import { addContacts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet, type Person } from './support/koneksi.js';

let koneksi: Koneksi;
let linked: LinkedOutlet;
let phones: string[];

beforeAll(async () => {
  // Slow enough that a blast of three is still running while somebody is shut out.
  koneksi = await Koneksi.start({ env: { BLAST_PACE_MS: '600000-600000' } });
  linked = await koneksi.linked(await koneksi.dashboard());
  const world = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  phones = await addContacts(world, linked.outlet.id, 1, 3);
});
afterAll(() => koneksi.stop());

let said = 0;

async function blastBy(token: string, scheduledAt: string | null): Promise<string> {
  const body = { outletIds: [linked.outlet.id], message: `Halo ${++said}`, audience: { phones }, scheduledAt };
  return expectOk(await koneksi.call<BlastCreated>('POST', '/blasts', { token, body })).id;
}
const blast = async (id: string): Promise<Blast> => expectOk(await koneksi.call<Blast>('GET', `/blasts/${id}`));
const NEXT_YEAR = '2999-01-01T00:00:00Z';

type End = (person: Person) => Promise<unknown>;
const patch =
  (body: object): End =>
  async ({ user }) =>
    expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body }));

test.each<[string, 'USER' | 'ADMIN', End]>([
  ['disabled', 'USER', patch({ isDisabled: true })],
  ['removed', 'USER', async ({ user }) => expectOk(await koneksi.call('DELETE', `/users/${user.id}`))],
  ['left without the outlet', 'USER', patch({ outletIds: [] })],
  ['demoted', 'ADMIN', patch({ role: 'USER', outletIds: [] })],
])('what somebody began waits for an ADMIN once they are %s', async (_, role, end) => {
  const person = await koneksi.person(role, role === 'USER' ? [linked.outlet.id] : []);
  const scheduled = await blastBy(person.token, NEXT_YEAR);
  const running = await blastBy(person.token, null);
  const paused = await blastBy(person.token, NEXT_YEAR);
  expectOk(await koneksi.call('POST', `/blasts/${paused}/pause`, { token: person.token }));
  const others = await blastBy(koneksi.token, NEXT_YEAR);
  await end(person);
  for (const id of [scheduled, running, paused])
    expect(await blast(id)).toMatchObject({ status: 'paused', awaitsAdmin: true });
  expect(await blast(others)).toMatchObject({ status: 'scheduled', awaitsAdmin: false });
  const colleague = await koneksi.person('USER', [linked.outlet.id]);
  for (const verb of ['resume', 'start'])
    expect(await koneksi.call('POST', `/blasts/${paused}/${verb}`, { token: colleague.token })).toMatchObject({
      status: 403,
      code: 'AWAITS_ADMIN',
    });
  const admin = await koneksi.person('ADMIN');
  expectOk(await koneksi.call('POST', `/blasts/${paused}/resume`, { token: admin.token }));
  expect(await blast(paused)).toMatchObject({ status: 'scheduled', awaitsAdmin: false });
  for (const id of [scheduled, running, paused, others]) await koneksi.call('POST', `/blasts/${id}/cancel`);
});

test('a revoked key, and the keys of whoever is removed, take theirs with them', async () => {
  const maker = await koneksi.person('ADMIN');
  const make = async (): Promise<CreatedApiKey> =>
    expectOk(
      await koneksi.call<CreatedApiKey>('POST', '/api-keys', {
        token: maker.token,
        body: { name: 'Kasir', outletIds: [linked.outlet.id] },
      }),
    );
  const [revoked, left] = [await make(), await make()];
  const byRevoked = await blastBy(revoked.key, NEXT_YEAR);
  const byLeft = await blastBy(left.key, NEXT_YEAR);
  expectOk(await koneksi.call('DELETE', `/api-keys/${revoked.id}`));
  expect(await blast(byRevoked)).toMatchObject({ status: 'paused', awaitsAdmin: true });
  expect(await blast(byLeft)).toMatchObject({ status: 'scheduled' });
  expectOk(await koneksi.call('DELETE', `/users/${maker.user.id}`));
  expect(await blast(byLeft)).toMatchObject({ status: 'paused', awaitsAdmin: true });
});

test('whoever keeps the outlet keeps what was begun, and a pause is told to open pages', async () => {
  const other = await koneksi.outlet();
  const person = await koneksi.person('USER', [linked.outlet.id, other.id]);
  const id = await blastBy(person.token, NEXT_YEAR);
  await patch({ outletIds: [linked.outlet.id] })(person);
  await patch({ password: 'hujan turun di Bogor' })(person);
  expect(await blast(id)).toMatchObject({ status: 'scheduled', awaitsAdmin: false });
  const dashboard = await koneksi.dashboard();
  const told: string[] = [];
  dashboard.socket.on('blast:progressed', ({ blastId, status }) => blastId === id && told.push(status));
  await patch({ isDisabled: true })(person);
  await eventually('the pause is told', () => told.includes('paused'));
});
