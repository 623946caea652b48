import type { OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { JunkKind } from '@koneksi/whatsapp-simulator';
import { claimAway } from './support/claims.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

const KEEPALIVE_MS = 1_000;
/** `maxSilence` of that keep-alive, and a look every quarter of it. */
const NOT_GREEN_AFTER_MS = KEEPALIVE_MS + 2_000 + KEEPALIVE_MS / 4;
/** Longer than a link may be silent, shorter than Baileys itself would bear it. */
const STALL_MS = 3_250;
/** For a machine with other work; what nobody found out would stay green for good. */
const GRACE_MS = 10_000;

let koneksi: Koneksi;
let page: Dashboard;
let victim: LinkedOutlet;
let neighbour: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { WA_KEEPALIVE_MS: String(KEEPALIVE_MS) } });
  page = await koneksi.dashboard();
  victim = await koneksi.linked(page);
  neighbour = await koneksi.linked(page);
});

/** A pause forgets how often the outlet failed. */
afterEach(async () => {
  const { outlet, phone } = victim;
  phone.faults.clear();
  await koneksi.call('POST', `/outlets/${outlet.id}/pause`);
  await page.becomes(outlet.id, 'PAUSED_BY');
  await koneksi.call('POST', `/outlets/${outlet.id}/resume`);
  await page.becomes(outlet.id, 'CONNECTED');
  await isAlone(victim);
});

afterAll(() => koneksi.stop());

/** The connection there is once WhatsApp has heard of the end of every other. */
const isAlone = ({ outlet }: LinkedOutlet): Promise<number> =>
  eventually('one connection is left', () => {
    const [one, ...others] = koneksi.liveConnections(outlet);
    return others.length === 0 && one;
  });

async function refreshedHealth(): Promise<boolean | undefined> {
  const { statuses } = expectOk(await koneksi.call<OutletStatusDocument>('POST', '/outlets/status/refresh'));
  return statuses.find(({ outletId }) => outletId === victim.outlet.id)?.healthy;
}

describe('a link that is half dead is found out and replaced', () => {
  test.each(['silent', 'tcp'] as const)('%s', async (kind) => {
    const { outlet, phone } = victim;
    const [before] = koneksi.liveConnections(outlet);
    const from = performance.now();
    expect(phone.faults.freeze(kind)).toBe(1);
    const told = await page.losesLink(outlet.id);
    expect(told.status.healthy).toBe(false);
    expect(performance.now() - from).toBeLessThan(NOT_GREEN_AFTER_MS + GRACE_MS);
    await page.becomes(outlet.id, 'CONNECTED');
    phone.faults.thaw();
    await eventually('only the new connection is left', () => {
      const now = koneksi.liveConnections(outlet);
      return now.length === 1 && now[0] !== before;
    });
  });

  test('a refresh asked for by a person finds what silence alone does not', async () => {
    const { outlet, phone } = victim;
    const [before] = koneksi.liveConnections(outlet);
    const customer = koneksi.simulator.phone('628777000111');
    phone.faults.unansweredIqs({ xmlns: 'w:p' });
    // Its mail goes on, so that it is not silent.
    const mail = setInterval(() => void customer.send(outlet.whatsappNumber, 'Halo'), KEEPALIVE_MS / 4);
    try {
      const lost = page.losesLink(outlet.id);
      await refreshedHealth();
      await lost;
      await page.becomes(outlet.id, 'CONNECTED');
    } finally {
      clearInterval(mail);
    }
    expect(await isAlone(victim)).not.toBe(before);
  });
});

test('a process that could not run for a while blames no link for it', async () => {
  const told = page.told(neighbour.outlet.id).length;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS);
  // What the same look finds of the victim tells when it has looked.
  victim.phone.faults.freeze('silent');
  await page.losesLink(victim.outlet.id);
  await page.becomes(victim.outlet.id, 'CONNECTED');
  expect(page.told(neighbour.outlet.id)).toHaveLength(told);
});

describe('frames no honest server sends cost one session at most its connection', () => {
  let untouched: number[];
  let toldBefore: number;

  async function expectNeighbourUndisturbed(): Promise<void> {
    expect(page.told(neighbour.outlet.id)).toHaveLength(toldBefore);
    expect(koneksi.liveConnections(neighbour.outlet)).toEqual(untouched);
    expect((await koneksi.status(neighbour.outlet.id)).healthy).toBe(true);
  }

  function throwJunk(kind: JunkKind, count: number): void {
    untouched = koneksi.liveConnections(neighbour.outlet);
    toldBefore = page.told(neighbour.outlet.id).length;
    expect(victim.phone.faults.junk(kind, count, 7)).toBeGreaterThan(0);
  }

  // An unhandled rejection would fail these tests by itself: Jest counts it as an error of the test.
  test.each<[JunkKind, number]>([
    ['bad-gcm', 1],
    ['bad-gcm', 50],
    ['not-a-node', 50],
    ['truncated-deflate', 50],
    ['mixed', 500],
  ])('%s, %d of them: closed, and back by itself', async (kind, count) => {
    throwJunk(kind, count);
    await page.losesLink(victim.outlet.id);
    await page.becomes(victim.outlet.id, 'CONNECTED');
    await isAlone(victim);
    await expectNeighbourUndisturbed();
  });

  test.each<[JunkKind, number]>([
    ['random-node', 300],
    ['oversized', 2],
  ])('%s, %d of them: the session answers afterwards', async (kind, count) => {
    throwJunk(kind, count);
    await eventually('the victim answers again', refreshedHealth);
    await isAlone(victim);
    await expectNeighbourUndisturbed();
  });
});

test('an outlet that another process claimed and left is claimed again, long before the reconciler looks', async () => {
  const { outlet } = neighbour;
  const lease = async (): Promise<{ owner: string; epoch: string }> => {
    const [row] = await koneksi.database.dataSource.query<{ owner: string; epoch: string }[]>(
      'SELECT owner, epoch FROM wa_lease WHERE outlet_id = $1',
      [outlet.id],
    );
    return row!;
  };
  const ours = await lease();
  await claimAway(koneksi.database.dataSource, outlet.id);
  // The next thing we write of it is refused, which is how we learn.
  await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name: 'Lost and found' } });
  await eventually('it is ours again', async () => {
    const now = await lease();
    return now.owner === ours.owner && BigInt(now.epoch) > BigInt(ours.epoch) + 1n;
  });
  await eventually('it is healthy again', async () => (await koneksi.status(outlet.id)).healthy);
  await isAlone(neighbour);
});
