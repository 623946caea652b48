import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import type { MessageAccepted, SentMessage } from '@koneksi/contracts/messages';
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

/** A key whose time is over when this resolves, and what it was to send. */
async function ofEndedKey(make: (key: string) => Promise<string[]>): Promise<string[]> {
  const body = { name: 'Kasir', outletIds: [linked.outlet.id], expiresAt: '2999-01-01T00:00:00Z' };
  const { id, key } = expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body }));
  const made = await make(key);
  // Its hour comes, whatever the clock of this machine says.
  await koneksi.database.dataSource.query(
    `UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`,
    [id],
  );
  return made;
}

test('what a key began waits for an ADMIN once the key has ended by itself, and what an ADMIN sent on goes on', async () => {
  let messageId = '';
  const made = await ofEndedKey(async (token) => {
    const scheduled = await blastBy(token, NEXT_YEAR);
    const running = await blastBy(token, null);
    const paused = await blastBy(token, NEXT_YEAR);
    expectOk(await koneksi.call('POST', `/blasts/${paused}/pause`, { token }));
    const body = { outletId: linked.outlet.id, phone: '6281300077001', text: 'Siap' };
    messageId = expectOk(await koneksi.call<MessageAccepted>('POST', '/messages', { token, body })).id;
    return [scheduled, running, paused];
  });
  for (const id of made)
    await eventually('it waits', async () => (await blast(id)).awaitsAdmin && (await blast(id)).status === 'paused');
  await eventually('nobody waits for its message', async () => {
    const message = expectOk(await koneksi.call<SentMessage>('GET', `/messages/${messageId}`));
    return message.status === 'skipped' && message.reason === 'CANCELED';
  });
  const [scheduled] = made as [string];
  const admin = await koneksi.person('ADMIN');
  expectOk(await koneksi.call('POST', `/blasts/${scheduled}/resume`, { token: admin.token }));
  const others = await ofEndedKey(async (token) => [await blastBy(token, NEXT_YEAR)]);
  await eventually('the next key is found', async () => (await blast(others[0]!)).awaitsAdmin);
  expect(await blast(scheduled)).toMatchObject({ status: 'scheduled', awaitsAdmin: false });

  // It is theirs to answer for now.
  expectOk(await koneksi.call('DELETE', `/users/${admin.user.id}`));
  expect(await blast(scheduled)).toMatchObject({ status: 'paused', awaitsAdmin: true });
  for (const id of [...made, ...others]) await koneksi.call('POST', `/blasts/${id}/cancel`);
});

test('a key that ended while nothing ran sends nothing when it runs again', async () => {
  const [id] = (await ofEndedKey(async (token) => {
    const made = await blastBy(token, NEXT_YEAR);
    await koneksi.pause();
    return [made];
  })) as [string];
  await koneksi.resume();
  expect(await blast(id)).toMatchObject({ status: 'paused', awaitsAdmin: true });
});
