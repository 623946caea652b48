import { describe, expect, it } from '@jest/globals';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { anOutlet } from '../../testing/an-outlet';
import { EVERYTHING, heldOrder, matches, problemsFirst } from './status-order';

const row = (status: OutletStatus) => ({ id: status.outletId, status, cursor: 1, connection: 1, changes: 0 });

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

  it('orders equals by name, with numbers as people count', () => {
    const rows = ['Toko 10', 'Toko 9', 'toko 1'].map((name, index) => row(anOutlet(String(index), { name })));
    expect(problemsFirst(rows).map(({ status }) => status.outlet.name)).toEqual(['toko 1', 'Toko 9', 'Toko 10']);
  });
});

describe('filters', () => {
  const kemang = anOutlet('a', { name: 'Jakarta Kemang', number: '6281210010001', live: 'FAILED' });

  it.each([
    ['', true],
    ['kemang', true],
    ['  JAKARTA ', true],
    ['bandung', false],
    ['0812 1001', true],
    ['+62 812-1001', true],
    ['10001', true],
    ['0813', false],
  ])('finds by %j: %j', (search, found) => {
    expect(matches(kemang, { ...EVERYTHING, search })).toBe(found);
  });

  it('combines health, live status and search', () => {
    expect(matches(kemang, { health: 'problem', status: 'FAILED', search: 'kemang' })).toBe(true);
    expect(matches(kemang, { health: 'healthy', status: null, search: '' })).toBe(false);
    expect(matches(kemang, { health: 'all', status: 'PAUSED', search: '' })).toBe(false);
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
