import { ScheduleModule } from '@nestjs/schedule';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PersonalDataFile } from '@koneksi/contracts/personal-data';
import type { Outlet } from '@koneksi/contracts/outlets';
import { OutletBin } from '../outlets/bin/outlet-bin.js';
import { OutletChatEntity } from '../blast/limits/limits.entity.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { eventually } from '../../test/support/eventually.js';
import { lockWaits } from '../../test/support/lock-waits.js';
import { TestApi } from '../../test/support/test-api.js';

let api: TestApi;
let outlet: Outlet;
let admin: string;
let user: string;
const PHONE = '6281110009876';

beforeAll(async () => {
  api = await TestApi.start({ imports: [ScheduleModule.forRoot(), IdempotencyModule] });
  // As the room of blasts says of itself, which is not here.
  api.app.get(OutletBin).keep({ entity: OutletChatEntity });
  outlet = await api.outlet();
  admin = await api.token(await api.person('ADMIN'));
  user = await api.token(await api.person('USER', [outlet.id]));
});
afterAll(() => api.stop());
const sql = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  api.database.dataSource.query(text, values);

/** Every row of every table that holds these digits anywhere. */
async function tablesWith(digits: string): Promise<string[]> {
  const tables = await sql(`SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`);
  const found: string[] = [];
  for (const { table_name: name } of tables) {
    const rows = await sql(`SELECT 1 FROM "${String(name)}" AS t WHERE t::text LIKE '%' || $1 || '%' LIMIT 1`, [
      digits,
    ]);
    if (rows.length > 0) found.push(String(name));
  }
  return found;
}

test('everything about a number comes out, and goes, but that it must not be written to', async () => {
  const body = { phone: PHONE, name: 'Rahasia Sekali', fields: { kota: 'Bandung' }, tags: ['vip'] };
  const made = await api.call('POST', `/outlets/${outlet.id}/contacts`, { token: admin, body });
  expect(made.status).toBe(201);
  await api.call('POST', '/opt-outs', { token: admin, body: { phone: PHONE, note: 'kata Rahasia Sekali di kasir' } });
  await sql('INSERT INTO outlet_chats (outlet_id, number, since) VALUES ($1, $2, now())', [outlet.id, PHONE]);
  await sql('INSERT INTO whatsapp_numbers (number, exists, checked_at) VALUES ($1, true, now())', [PHONE]);
  await sql(`INSERT INTO known_numbers (alias, number, learned_at) VALUES ('991@lid', $1, now())`, [PHONE]);
  await sql(`INSERT INTO owed_confirmations (number, id, outlet_id, language, at) VALUES ($1, $2, $2, 'id', now())`, [
    PHONE,
    outlet.id,
  ]);
  await sql(`INSERT INTO held_wishes (number, outlet_id, words, at) VALUES ($1, $2, 'spam', now())`, [
    PHONE,
    outlet.id,
  ]);
  await api.call('POST', `/outlets/${outlet.id}/contacts/imports`, {
    token: admin,
    body: `nama,hp\nRahasia Sekali,${PHONE}\n`,
    headers: { 'content-type': 'text/csv' },
  });

  // What was removed is known, too: a contact by itself, and an outlet with its contacts and chats.
  const path = `/outlets/${outlet.id}/contacts`;
  const again = await api.call('DELETE', `/contacts/${(made.body as { id: string }).id}`, { token: admin });
  expect(again.status).toBe(204);
  expect((await api.call('POST', path, { token: admin, body })).status).toBe(201);
  const closed = await api.outlet();
  await api.call('POST', `/outlets/${closed.id}/contacts`, { token: admin, body });
  await sql('INSERT INTO outlet_chats (outlet_id, number, since) VALUES ($1, $2, now())', [closed.id, PHONE]);
  await api.call('DELETE', `/outlets/${closed.id}`, { token: admin });

  const answer = await api.call('GET', `/customers/${PHONE}/data`, { token: admin });
  expect(answer.status).toBe(200);
  const { about } = answer.body as PersonalDataFile;
  expect(about).toMatchObject({
    contacts: [{ name: 'Rahasia Sekali', fields: { kota: 'Bandung' }, tags: ['vip'] }],
    binnedContacts: [{ name: 'Rahasia Sekali' }, { name: 'Rahasia Sekali' }],
    aliases: [{ alias: '991@lid' }],
    heldWishes: [{ words: 'spam' }],
    consent: [{ action: 'OPT_OUT', note: 'kata Rahasia Sekali di kasir' }],
  });
  expect(await api.call('GET', `/customers/${PHONE}/data`, { token: user })).toMatchObject({ code: 'FORBIDDEN' });

  const erase = (confirm: string) => api.call('POST', `/customers/${PHONE}/erase`, { token: admin, body: { confirm } });
  expect(await erase('6281110009877')).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect((await erase(PHONE)).body).toMatchObject({
    phone: PHONE,
    erased: { contacts: 1, binnedContacts: 2, binnedChats: 1, aliases: 1, uploads: 1 },
  });
  expect(await tablesWith(PHONE)).toEqual(['opt_out_ledger', 'opt_outs']);
  expect(await tablesWith('Rahasia')).toEqual([]);
  expect(await sql('SELECT name FROM contacts WHERE number = $1', [PHONE])).toEqual([]);
});

test('the keys of their conversations go, under whatever name WhatsApp has for them, and nobody else’s', async () => {
  const phone = '6281110004321';
  const [lid, other] = ['184467440737095', '1844674407370951'];
  const [link] = await sql(
    `INSERT INTO wa_credential (id, outlet_id, key_id, wrapped_key, creds) VALUES (gen_random_uuid(), $1, 'k', '', '') RETURNING id`,
    [outlet.id],
  );
  for (const alias of [`${lid}@lid`, '549110004321@s.whatsapp.net'])
    await sql('INSERT INTO known_numbers (alias, number, learned_at) VALUES ($1, $2, now())', [alias, phone]);
  const namesOf = (user: string, domain: string): [string, string][] => [
    ['session', `${user}${domain}.0`],
    ['session', `${user}${domain}.12`],
    ['identity-key', `${user}${domain}.0`],
    ['device-list', user],
    ['lid-mapping', user],
    ['lid-mapping', `${user}_reverse`],
    ['tctoken', `${user}@lid`],
    ['tctoken', `${user}@s.whatsapp.net`],
    ['sender-key', `status@broadcast::${user}${domain}::0`],
    ['sender-key', `120363000000000001@g.us::${user}${domain}::3`],
  ];
  const theirs = [...namesOf(phone, ''), ...namesOf(lid, '_1'), ...namesOf('549110004321', '')];
  const others: [string, string][] = [
    ...namesOf(other, '_1'),
    ...namesOf(`${phone}9`, ''),
    ...namesOf(`9${lid}`, '_1'),
    ['pre-key', lid],
    ['sender-key', '120363000000000001@g.us::628999::0'],
    ['tctoken', '__index'],
  ];
  for (const [kind, id] of [...theirs, ...others])
    await sql(`INSERT INTO wa_signal_key (credential_id, kind, key_id, value) VALUES ($1, $2, $3, '')`, [
      link!.id,
      kind,
      id,
    ]);
  const erased = await api.call('POST', `/customers/${phone}/erase`, { token: admin, body: { confirm: phone } });
  expect(erased.body).toMatchObject({ erased: { keys: theirs.length, aliases: 2 } });
  const left = await sql('SELECT kind, key_id FROM wa_signal_key WHERE credential_id = $1', [link!.id]);
  expect(left.map(({ kind, key_id: id }) => `${String(kind)} ${String(id)}`).sort()).toEqual(
    others.map(([kind, id]) => `${kind} ${id}`).sort(),
  );
});

test('what was answered about them under a key is answered no more, and what was done is not done again', async () => {
  const phone = '6281110007654';
  const ask = () =>
    api.call('POST', `/outlets/${outlet.id}/contacts`, {
      token: admin,
      body: { phone, name: 'Rahasia Dua' },
      headers: { 'idempotency-key': 'kasir-3-nota-118' },
    });
  expect((await ask()).status).toBe(201);
  expect((await ask()).headers.get('idempotent-replayed')).toBe('true');
  const erased = await api.call('POST', `/customers/${phone}/erase`, { token: admin, body: { confirm: phone } });
  expect(erased.body).toMatchObject({ erased: { contacts: 1, answers: 1 } });
  const again = await ask();
  expect(again).toMatchObject({ status: 409, code: 'IDEMPOTENCY_UNKNOWN' });
  expect(JSON.stringify(again.body)).not.toContain('Rahasia');
  expect(await sql('SELECT 1 FROM contacts WHERE number = $1', [phone])).toEqual([]);
});

describe('what is moved while it is erased goes all the same', () => {
  const LOCK = 20_261_127;
  beforeAll(async () => {
    await sql(`CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN NULL; END $$`);
    for (const table of ['contacts', 'outlet_chats', 'binned_contacts', 'binned_outlet_rows'])
      await sql(`CREATE TRIGGER stall AFTER INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION stall()`);
  });
  afterAll(() => sql('DROP FUNCTION stall CASCADE'));

  type Step = [method: string, path: string, body?: unknown];
  const remove = (path: string): Step => ['DELETE', path];
  test.each<[string, (outletId: string, contactId: string) => { before?: Step; moved: Step }]>([
    [
      'a contact out of the bin',
      (outletId, id) => ({
        before: remove(`/contacts/${id}`),
        moved: ['POST', `/outlets/${outletId}/contacts/bin/restore`, { contactIds: [id] }],
      }),
    ],
    [
      'an outlet out of the bin',
      (id) => ({ before: remove(`/outlets/${id}`), moved: ['POST', `/outlets/bin/${id}/restore`] }),
    ],
    ['a contact into the bin', (_, id) => ({ moved: remove(`/contacts/${id}`) })],
    ['an outlet into the bin', (id) => ({ moved: remove(`/outlets/${id}`) })],
  ])('%s', async (what, steps) => {
    const phone = `62811100055${what.length}`;
    const { id } = await api.outlet();
    const body = { phone, name: 'Rahasia Sekali' };
    const contact = (await api.call('POST', `/outlets/${id}/contacts`, { token: admin, body })).body as { id: string };
    await sql('INSERT INTO outlet_chats (outlet_id, number, since) VALUES ($1, $2, now())', [id, phone]);
    const { before, moved } = steps(id, contact.id);
    const take = ([method, path, body]: Step) => api.call(method, path, { token: admin, body });
    if (before) expect((await take(before)).status).toBeLessThan(300);

    const gate = api.database.dataSource.createQueryRunner();
    await gate.connect();
    await gate.query(`SELECT pg_advisory_lock(${LOCK})`);
    const moving = take(moved);
    let erasing: ReturnType<typeof api.call> | undefined;
    try {
      await eventually(
        'it is moved and not yet for good',
        async () => (await lockWaits(api.database.dataSource)) === 1,
      );
      let isOver = false;
      erasing = api
        .call('POST', `/customers/${phone}/erase`, { token: admin, body: { confirm: phone } })
        .finally(() => (isOver = true));
      await eventually(
        'the erasure waits, or is over',
        async () => isOver || (await lockWaits(api.database.dataSource)) === 2,
      );
    } finally {
      await gate.query(`SELECT pg_advisory_unlock(${LOCK})`);
      await gate.release();
    }
    expect((await erasing).status).toBe(200);
    expect((await moving).status).toBeLessThan(300);
    expect(await tablesWith(phone)).toEqual(['opt_out_ledger', 'opt_outs']);
  });
});

test('the ledger is still only ever added to', async () => {
  await expect(sql(`UPDATE opt_out_ledger SET note = 'x'`)).rejects.toThrow('only ever added to');
  await expect(sql(`UPDATE opt_out_ledger SET action = 'OPT_IN', note = 'x'`)).rejects.toThrow('only ever added to');
  await expect(sql('DELETE FROM opt_out_ledger')).rejects.toThrow('only ever added to');
});
