import { describe, expect, it } from '@jest/globals';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { anOutlet } from '../../testing/an-outlet';
import type { StatusRow } from './status-store';
import { facetsOf } from '../outlet-status/status-facets';
import { byOutletName, EVERYTHING, heldOrder, matches, NO_PAST, reordered, sorted } from './status-order';

const row = (status: OutletStatus) => ({ id: status.outletId, status, cursor: 1, connection: 1, changes: 0 });

const problemsFirst = (rows: readonly StatusRow[]) => sorted(byOutletName(rows), 'problems');

describe('problems first', () => {
  it('puts what most needs a person on top, and the healthy last', () => {
    const rows = [
      anOutlet('healthy'),
      anOutlet('inactive', { live: 'DISCONNECTED', active: false }),
      anOutlet('paused', { live: 'PAUSED' }),
      anOutlet('no-auto', { auto: false }),
      anOutlet('connecting', { live: 'CONNECTING' }),
      anOutlet('disconnected', { live: 'DISCONNECTED' }),
      anOutlet('timeout', { live: 'TIMEOUT' }),
      anOutlet('failed', { live: 'FAILED' }),
    ].map(row);
    expect(problemsFirst(rows).map(({ id }) => id)).toEqual([
      'failed',
      'timeout',
      'disconnected',
      'connecting',
      'no-auto',
      'paused',
      'inactive',
      'healthy',
    ]);
  });

  it('tells apart what broke, what keeps breaking, what is being set up and what people switched off', () => {
    const rows = [
      anOutlet('paused', { live: 'PAUSED', reason: 'PAUSED_BY' }),
      anOutlet('never', { live: 'DISCONNECTED', reason: 'NEVER_LINKED' }),
      anOutlet('flapping'),
      anOutlet('healthy'),
      anOutlet('broken', { live: 'FAILED', reason: 'LOGGED_OUT' }),
    ].map(row);
    const past = { ...NO_PAST, isUnstable: (id: string) => id === 'flapping' };
    const ids = sorted(byOutletName(rows), 'problems', past).map(({ id }) => id);
    expect(ids).toEqual(['broken', 'flapping', 'never', 'paused', 'healthy']);
  });

  it('has the newest problem first, whatever its status', () => {
    const began: Record<string, number> = { old: 1_000, newest: 3_000, newer: 2_000 };
    const rows = [
      anOutlet('old', { live: 'FAILED' }),
      anOutlet('newest', { live: 'CONNECTING' }),
      anOutlet('newer', { live: 'TIMEOUT' }),
    ].map(row);
    const past = { ...NO_PAST, since: ({ id }: StatusRow) => began[id] ?? null };
    expect(sorted(byOutletName(rows), 'problems', past).map(({ id }) => id)).toEqual(['newest', 'newer', 'old']);
  });

  it('orders equals by name, with numbers as people count', () => {
    const rows = ['Toko 10', 'Toko 9', 'toko 1'].map((name, index) => row(anOutlet(String(index), { name })));
    expect(problemsFirst(rows).map(({ status }) => status.outlet.name)).toEqual(['toko 1', 'Toko 9', 'Toko 10']);
  });
});

describe('the order of names after a change', () => {
  const named = (...names: [string, string][]) => names.map(([id, name]) => row(anOutlet(id, { name })));
  const before = byOutletName(named(['a', 'Ambon'], ['b', 'Bogor'], ['c', 'Cirebon'], ['d', 'Depok']));

  it.each([
    ['nothing', named(['a', 'Ambon'], ['b', 'Bogor'], ['c', 'Cirebon'], ['d', 'Depok'])],
    ['a name', named(['a', 'Banyuwangi'], ['b', 'Bogor'], ['c', 'Cirebon'], ['d', 'Depok'])],
    ['first and last', named(['a', 'Zamrud'], ['b', 'Bogor'], ['c', 'Cirebon'], ['d', 'Aceh'])],
    ['one more of a name', named(['a', 'Ambon'], ['b', 'Bogor'], ['c', 'Cirebon'], ['d', 'Depok'], ['0', 'Bogor'])],
    ['some gone', named(['d', 'Depok'], ['b', 'Bogor'])],
    ['all others', named(['x', 'Yogya'], ['y', 'Wamena'])],
  ])('equals a full sort: %s', (_, rows) => {
    expect(reordered(before, rows)).toEqual(byOutletName(rows));
  });
});

describe('filters', () => {
  const kemang = anOutlet('a', {
    name: 'Jakarta Kemang',
    number: '6281210010001',
    live: 'FAILED',
    city: 'Jakarta Selatan',
    tags: ['drive-thru'],
  });

  it.each([
    ['', true],
    ['kemang', true],
    ['  JAKARTA ', true],
    ['bandung', false],
    ['selatan', true],
    ['drive', true],
    ['0812 1001', true],
    ['+62 812-1001', true],
    ['10001', true],
    ['0813', false],
  ])('finds by %j: %j', (search, found) => {
    expect(matches(kemang, { ...EVERYTHING, search })).toBe(found);
  });

  it('combines health, live status and search', () => {
    expect(matches(kemang, { ...EVERYTHING, health: 'problem', status: 'FAILED', search: 'kemang' })).toBe(true);
    expect(matches(kemang, { ...EVERYTHING, health: 'healthy' })).toBe(false);
    expect(matches(kemang, { ...EVERYTHING, status: 'PAUSED' })).toBe(false);
  });
});

describe('an order that is held', () => {
  const exists = (id: string) => id !== 'gone';

  it('stays as it is on screen, whatever the new order would be', () => {
    expect(heldOrder(['a', 'b', 'c'], ['c', 'a', 'b'], exists)).toEqual(['a', 'b', 'c']);
  });

  it('lets the removed go, keeps what no longer passes the filter, and adds the new at the end', () => {
    expect(heldOrder(['a', 'gone', 'b'], ['new', 'a'], exists)).toEqual(['a', 'b', 'new']);
  });
});

describe('city and tag', () => {
  const sanur = anOutlet('a', { city: 'Denpasar', tags: ['Bali', 'drive-thru'] });

  it('filter, however they are spelt', () => {
    expect(matches(sanur, { ...EVERYTHING, city: 'denpasar', tag: 'DRIVE-THRU' })).toBe(true);
    expect(matches(sanur, { ...EVERYTHING, city: 'Bandung' })).toBe(false);
    expect(matches(sanur, { ...EVERYTHING, tag: 'mal' })).toBe(false);
  });

  it('sort, with no city at the end', () => {
    const rows = [anOutlet('none'), anOutlet('s', { city: 'Surabaya' }), anOutlet('b', { city: 'Bandung' })].map(row);
    expect(sorted(rows, 'city').map(({ id }) => id)).toEqual(['b', 's', 'none']);
  });
});

describe('by uptime', () => {
  it('has the least reliable first, and those nothing is known of last', () => {
    const shares: Record<string, number> = { good: 0.999, bad: 0.4 };
    const rows = [anOutlet('good'), anOutlet('unknown'), anOutlet('bad')].map(row);
    const past = { ...NO_PAST, uptime: (id: string) => shares[id] ?? null };
    expect(sorted(byOutletName(rows), 'uptime', past).map(({ id }) => id)).toEqual(['bad', 'good', 'unknown']);
  });
});

describe('the counts beside the filters', () => {
  const rows = [
    anOutlet('a', { city: 'Solo' }),
    anOutlet('b', { city: 'Solo', live: 'FAILED' }),
    anOutlet('c', { city: 'Solo', live: 'TIMEOUT' }),
    anOutlet('d', { live: 'FAILED' }),
    anOutlet('e', { live: 'PAUSED' }),
  ].map(row);
  const stable = () => false;

  it('count all where nothing is chosen', () => {
    const { anyKind, byKind, byStatus } = facetsOf(rows, EVERYTHING, stable);
    expect(anyKind).toBe(5);
    expect(byKind).toEqual({ problem: 3, unstable: 0, setup: 0, paused: 1, healthy: 1 });
    expect(byStatus).toMatchObject({ CONNECTED: 1, FAILED: 2, TIMEOUT: 1, PAUSED: 1 });
  });

  it('say what a further choice would show, given the choices made', () => {
    const filter = { ...EVERYTHING, city: 'solo', status: 'FAILED', health: 'problem' } as const;
    const { anyKind, byKind, byStatus } = facetsOf(rows, filter, stable);
    expect([anyKind, byKind.problem, byKind.healthy]).toEqual([1, 1, 0]);
    expect(byStatus).toMatchObject({ FAILED: 1, TIMEOUT: 1, CONNECTED: 0 });
  });
});

describe('by time', () => {
  it('has the longest silence first, and who was never heard before that', () => {
    const rows = [
      anOutlet('now', { lastSeen: '2026-11-21T07:00:00.000Z' }),
      anOutlet('never'),
      anOutlet('before', { lastSeen: '2026-11-20T07:00:00.000Z' }),
    ].map(row);
    expect(sorted(rows, 'lastSeen').map(({ id }) => id)).toEqual(['never', 'before', 'now']);
  });
});
