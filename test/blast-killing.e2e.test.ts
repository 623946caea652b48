import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import type { Outlet, QrAnswer } from '@koneksi/contracts/outlets';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import sharp from 'sharp';
import type { RawEnv } from '../src/config/env.js';
import { addContacts } from './support/blasts.js';
import { childEnv, ChildKoneksi } from './support/child-koneksi.js';
import { eventually } from './support/eventually.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** By hand with `KONEKSI_BLAST_RECIPIENTS=10000 KONEKSI_BLAST_OUTLETS=10 KONEKSI_BLAST_KILL_EVERY_MS=30000`. */
const RECIPIENTS = Number(process.env['KONEKSI_BLAST_RECIPIENTS'] ?? 300);
const OUTLETS = Number(process.env['KONEKSI_BLAST_OUTLETS'] ?? 3);
const KILL_EVERY_MS = Number(process.env['KONEKSI_BLAST_KILL_EVERY_MS'] ?? 1_500);
/** Each process gets so many messages further before it is killed: a slow machine starts no more of them than a fast one. */
const LEAST_PER_LIFE = RECIPIENTS / 10;
/** Of what is sent while kills come every 30 s, this much may stay uncertain. Each kill may leave one per outlet. */
const MAX_UNKNOWN_SHARE = 0.005;
/** Generous: a whole run by hand takes minutes. */
const WITHIN_MS = 300_000 + RECIPIENTS * 60;

/** Of noise, so that it stays as large as a photograph. */
const picture = (): Promise<Buffer> =>
  sharp(randomBytes(90 * 90 * 3), { raw: { width: 90, height: 90, channels: 3 } })
    .png()
    .toBuffer();

let simulator: Simulator;
let database: TestDatabase;
let env: RawEnv;
let child: ChildKoneksi;

beforeAll(async () => {
  [simulator, database] = await Promise.all([startSimulator({ control: false }), createTestDatabase()]);
  env = childEnv(
    { database, simulator },
    {
      RECONCILE_INTERVAL_MS: '1000',
      BLAST_PACE_MS: '0-0',
      BLAST_RECEIPT_WAIT_MS: '3000',
    },
  );
});
afterAll(async () => {
  await child?.kill();
  await simulator.stop();
  await database.drop();
});

async function linkedOutlet(index: number, token: string): Promise<string> {
  const number = `62813${String(index).padStart(8, '0')}`;
  const { id } = await child.call<Outlet>('POST', '/outlets', token, {
    name: `Outlet ${index}`,
    whatsappNumber: number,
  });
  await child.call('POST', `/outlets/${id}/connect`, token);
  const { qr } = await eventually('a QR is shown', () =>
    child.call<QrAnswer>('GET', `/outlets/${id}/qr`, token).catch(() => null),
  );
  // Once: the page shows it a moment longer than the phone may scan it.
  await simulator.phone(number).scan(qr);
  await eventually('it is connected', async () => {
    const { session } = await child.call<OutletStatus>('GET', `/outlets/${id}/status`, token);
    return session.status === 'CONNECTED';
  });
  return id;
}

/** The figures belong to whoever runs this by hand. */
const tell = (text: string): void => void process.stdout.write(`${text}\n`);

test(
  `${RECIPIENTS} recipients of ${OUTLETS} outlets, killed every ${KILL_EVERY_MS} ms: each phone shows it once, or the row says unknown`,
  async () => {
    child = await ChildKoneksi.start(env);
    await child.ready();
    const token = await child.signIn();
    const outletIds: string[] = [];
    for (let index = 0; index < OUTLETS; index++) outletIds.push(await linkedOutlet(index, token));
    const each = Math.ceil(RECIPIENTS / OUTLETS);
    const numbers = (
      await Promise.all(
        outletIds.map((id, index) =>
          addContacts({ simulator, dataSource: database.dataSource }, id, index * each, each),
        ),
      )
    ).flat();
    /** Every id that left for a number, whether or not it arrived. */
    const idsByNumber = new Map<string, Set<string>>();
    simulator.on('message', ({ to, id }) => idsByNumber.set(to, (idsByNumber.get(to) ?? new Set()).add(id)));
    const media = await child.upload(token, 'promo.png', await picture());
    const { id } = await child.call<BlastCreated>('POST', '/blasts', token, {
      outletIds,
      message: 'Promo untuk {{nama}}',
      mediaId: media.id,
    });

    const began = performance.now();
    let kills = 0;
    let unhandled = '';
    for (let blast: Blast | null = null; blast?.status !== 'finished';) {
      if (performance.now() - began > WITHIN_MS) throw new Error(`never finished: ${JSON.stringify(blast)}`);
      const killAt = performance.now() + KILL_EVERY_MS;
      const queued = blast?.counts.queued ?? RECIPIENTS;
      const isDue = (): boolean =>
        performance.now() > killAt && (blast === null || queued - blast.counts.queued >= LEAST_PER_LIFE);
      while (!isDue() && blast?.status !== 'finished' && performance.now() - began < WITHIN_MS) {
        blast = await child.call<Blast>('GET', `/blasts/${id}`, token);
        await pause(100);
      }
      if (blast?.status === 'finished' || (blast?.counts.queued === 0 && kills > 1)) continue;
      await child.kill();
      kills++;
      unhandled += child.output.filter((text) => /Unhandled rejection|Uncaught exception/.test(text)).join('');
      child = await ChildKoneksi.start(env);
      await child.ready();
    }
    const took = Math.round((performance.now() - began) / 1_000);

    const rows = await database.dataSource.query<{ number: string; status: string; message_id: string }[]>(
      'SELECT number, status, message_id FROM blast_recipients WHERE blast_id = $1',
      [id],
    );
    const byStatus = Map.groupBy(rows, ({ status }) => status);
    tell(
      `${kills} kills in ${took} s: ${[...byStatus].map(([status, of]) => `${of.length} ${status}`).join(', ')}; ` +
        `${simulator.counters()['messagesIn']} messages on the wire`,
    );
    expect(kills).toBeGreaterThan(0);
    expect(unhandled).toBe('');
    expect(rows.map(({ number }) => number).sort()).toEqual([...numbers].sort());
    const shown = new Map(numbers.map((number) => [number, simulator.phone(number).inbox.length]));
    // Never twice, nobody lost, and no second id for anyone.
    expect([...shown].filter(([, times]) => times > 1)).toEqual([]);
    const lost = rows.filter(({ number, status }) => shown.get(number) === 0 && status !== 'unknown');
    expect(lost).toEqual([]);
    expect([...idsByNumber].filter(([, ids]) => ids.size > 1)).toEqual([]);
    for (const { number, message_id } of rows)
      for (const sent of idsByNumber.get(number) ?? []) expect([number, sent]).toEqual([number, message_id]);
    const pictures = numbers.flatMap((number) => simulator.phone(number).inbox.map(({ file }) => file?.content));
    // The picture is opened once at its upload; what was kept then is what each phone shows.
    expect(pictures[0]?.length).toBe(media.bytes);
    expect(pictures.every((shown) => shown?.equals(pictures[0]!))).toBe(true);
    // One upload serves an outlet until its process dies.
    expect(simulator.counters()['mediaUploads']).toBeLessThanOrEqual((kills + 1) * OUTLETS);
    const unknown = byStatus.get('unknown')?.length ?? 0;
    expect(unknown).toBeLessThanOrEqual(Math.max(kills * OUTLETS, RECIPIENTS * MAX_UNKNOWN_SHARE));
    if (KILL_EVERY_MS >= 30_000) expect(unknown / RECIPIENTS).toBeLessThanOrEqual(MAX_UNKNOWN_SHARE);
  },
  WITHIN_MS + 120_000,
);
