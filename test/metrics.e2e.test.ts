import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { Koneksi } from './support/koneksi.js';

const TOKEN = 'a token for Prometheus';

let koneksi: Koneksi;
beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { METRICS_TOKEN: TOKEN, RECONCILE_INTERVAL_MS: '300' } });
});
afterAll(() => koneksi.stop());

const read = (authorization?: string): Promise<Response> =>
  fetch(`${koneksi.app.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });

/** The value of one series; labels in the order they are declared. */
async function value(series: string): Promise<number | undefined> {
  const text = await (await read(`Bearer ${TOKEN}`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

test('sessions, losses by reason and drift are counted, and no outlet is named', async () => {
  const page = await koneksi.dashboard();
  const { outlet, phone } = await koneksi.linked(page);
  expect(await value('koneksi_sessions{status="CONNECTED"}')).toBe(1);
  expect(await value('koneksi_sessions_proven')).toBe(1);
  phone.faults.end('replaced');
  await page.becomes(outlet.id, 'REPLACED');
  expect(await value('koneksi_sessions{status="CONNECTED"}')).toBe(0);
  expect(await value('koneksi_connections_lost_total{reason="REPLACED"}')).toBe(1);
  expect(await value('koneksi_sessions_proven')).toBe(0);
  const before = await value('koneksi_drift_found_total');
  await koneksi.app.dataSource.query(`UPDATE wa_session SET status = 'CONNECTED' WHERE outlet_id = $1`, [outlet.id]);
  await eventually('the drift is counted', async () => (await value('koneksi_drift_found_total')) === before! + 1);
  expect(await value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  const text = await (await read(`Bearer ${TOKEN}`)).text();
  expect(text).not.toContain(outlet.id);
  expect(text).not.toContain(outlet.whatsappNumber);
});

test('a blast is measured: who waits, what became of whom, how long WhatsApp took', async () => {
  const blasts = new Blasts(koneksi);
  const { outlet } = await koneksi.linked(await koneksi.dashboard());
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const phones = await addContacts(where, outlet.id, 0, 3);
  expect(await value('koneksi_blast_queue{status="queued"}')).toBe(0);
  const pausing = { paceMinMs: 3_600_000, paceMaxMs: 3_600_000 };
  await koneksi.call('PATCH', `/outlets/${outlet.id}/blast-settings`, { body: pausing });
  const id = await blasts.create({ outletIds: [outlet.id], message: 'Halo', audience: { phones } });
  await blasts.becomes(id, 'one is delivered, two wait', ({ counts }) => counts.delivered === 1 && counts.queued === 2);
  expect(await value('koneksi_blast_queue{status="queued"}')).toBe(2);
  expect(await value('koneksi_blast_queue{status="sending"}')).toBe(0);
  expect(await value('koneksi_blast_recipients_total{status="sent"}')).toBe(1);
  expect(await value('koneksi_blast_recipients_total{status="delivered"}')).toBe(1);
  expect(await value('koneksi_blast_answer_seconds_count{outcome="acknowledged"}')).toBe(1);
  expect(await value('koneksi_blast_answer_seconds_bucket{le="20",outcome="acknowledged"}')).toBe(1);
  await blasts.verb(id, 'pause');
  expect(await value('koneksi_blast_queue{status="queued"}')).toBe(0);
  await blasts.verb(id, 'cancel');
  await blasts.becomes(id, 'nobody waits', ({ counts }) => counts.queued === 0);
  expect(await value('koneksi_blast_recipients_total{status="skipped"}')).toBe(2);
  expect(await value('koneksi_blast_recipients_total{status="unknown"}')).toBe(0);
});

test.each(['alerts.yml', 'grafana-dashboard.json'])('what ops/%s asks for is measured', async (file) => {
  const text = await (await read(`Bearer ${TOKEN}`)).text();
  const measured = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const asked = (await readFile(join(import.meta.dirname, '../ops', file), 'utf8')).match(
    /\b(koneksi|nodejs|process)_\w+/g,
  );
  expect(asked!.length).toBeGreaterThan(5);
  const series = new Set(asked!.map((name) => name.replace(/_(bucket|count|sum)$/, '')));
  expect([...series].filter((name) => !measured.has(name))).toEqual([]);
});

test.each([undefined, 'Bearer', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`])(
  '%j is refused',
  async (given) => {
    const answer = await read(given);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('koneksi_');
  },
);

test('without a token this machine may read, but not through a proxy', async () => {
  const open = await Koneksi.start();
  const at = (headers: Record<string, string>): Promise<Response> => fetch(`${open.app.url}/metrics`, { headers });
  expect((await at({})).status).toBe(200);
  expect((await at({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
  await open.stop();
});
