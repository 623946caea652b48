import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { anOutlet } from '../../testing/an-outlet';
import { StatusStore } from './status-store';

const at = '2026-11-21T07:00:00.000Z';
const change = (cursor: number, status: OutletStatus) => ({ cursor, at, status, previous: 'CONNECTING' as const });
const snapshot = (cursor: number, ...statuses: OutletStatus[]) => ({ cursor, at, statuses });

describe('StatusStore', () => {
  let store: StatusStore;
  beforeEach(() => {
    store = new StatusStore();
    store.connected();
  });

  const statusOf = (id: string) => store.row(id)?.status.liveStatus.status;
  const changesOf = (id: string) => store.row(id)?.changes;

  it('knows nothing before the first snapshot, and says so', () => {
    expect(store.loaded()).toBe(false);
    expect(store.cursor).toBeNull();
    store.applySnapshot(snapshot(7));
    expect(store.loaded()).toBe(true);
    expect(store.rows()).toEqual([]);
    expect(store.cursor).toBe(7);
  });

  it('counts what it holds', () => {
    store.applySnapshot(
      snapshot(1, anOutlet('a'), anOutlet('b', { live: 'FAILED' }), anOutlet('c', { live: 'CONNECTED', auto: false })),
    );
    expect(store.counts()).toMatchObject({ total: 3, healthy: 1, problem: 2 });
    expect(store.counts().byStatus).toMatchObject({ CONNECTED: 2, FAILED: 1, PAUSED: 0 });
  });

  it('applies a newer revision and counts it as a change before someone’s eyes', () => {
    store.applySnapshot(snapshot(1, anOutlet('a', { revision: 4 })));
    expect(changesOf('a')).toBe(0);
    store.applyChange(change(2, anOutlet('a', { revision: 5, live: 'FAILED' })));
    expect(statusOf('a')).toBe('FAILED');
    expect(changesOf('a')).toBe(1);
    expect(store.latest()?.id).toBe('a');
  });

  it('drops duplicates and older revisions, however late they come', () => {
    store.applySnapshot(snapshot(1, anOutlet('a', { revision: 4 })));
    const newest = change(9, anOutlet('a', { revision: 6, live: 'TIMEOUT' }));
    store.applyChange(newest);
    const row = store.row('a');
    store.applyChange(newest);
    store.applyChange(change(8, anOutlet('a', { revision: 5, live: 'CONNECTED' })));
    expect(store.row('a')).toBe(row);
    expect(store.cursor).toBe(9);
  });

  it('reaches the same end in whatever order changes come', () => {
    const changes = [
      change(2, anOutlet('a', { revision: 2, live: 'CONNECTING' })),
      change(3, anOutlet('b', { revision: 2, live: 'FAILED' })),
      change(4, anOutlet('a', { revision: 3, live: 'CONNECTED' })),
    ];
    const ends = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ].map((order) => {
      const shuffled = new StatusStore();
      shuffled.connected();
      shuffled.applySnapshot(snapshot(1, anOutlet('a'), anOutlet('b')));
      for (const index of order) shuffled.applyChange(changes[index]!);
      return [...['a', 'b'].map((id) => shuffled.row(id)?.status.liveStatus.status), String(shuffled.cursor)];
    });
    expect(ends).toEqual([ends[0], ends[0], ends[0]]);
    expect(ends[0]).toEqual(['CONNECTED', 'FAILED', '4']);
  });

  it('does not count what no one can see as a change', () => {
    store.applySnapshot(snapshot(1, anOutlet('a', { revision: 1, live: 'CONNECTING' })));
    const retried = anOutlet('a', { revision: 2, live: 'CONNECTING' });
    store.applyChange(change(2, { ...retried, session: { ...retried.session, retryCount: 3 } }));
    expect(store.row('a')?.status.session.retryCount).toBe(3);
    expect(changesOf('a')).toBe(0);
  });

  it('adds an outlet it had not heard of, as news', () => {
    store.applySnapshot(snapshot(1, anOutlet('a')));
    store.applyChange(change(2, anOutlet('b', { revision: 0 })));
    expect(statusOf('b')).toBe('CONNECTED');
    expect(changesOf('b')).toBe(1);
  });

  describe('removal', () => {
    beforeEach(() => store.applySnapshot(snapshot(1, anOutlet('a'), anOutlet('b'))));

    it('takes the outlet away, once and for all that is older', () => {
      store.applyRemoval({ cursor: 5, outletId: 'a' });
      store.applyRemoval({ cursor: 5, outletId: 'a' });
      store.applyChange(change(4, anOutlet('a', { revision: 9 })));
      store.applySnapshot(snapshot(4, anOutlet('a', { revision: 9 }), anOutlet('b')));
      expect(store.row('a')).toBeUndefined();
      expect(store.counts().total).toBe(1);
      expect(store.cursor).toBe(5);
    });

    it('does not outlive a later change: an outlet can be assigned again', () => {
      store.applyRemoval({ cursor: 5, outletId: 'a' });
      store.applyChange(change(6, anOutlet('a', { revision: 2 })));
      expect(statusOf('a')).toBe('CONNECTED');
    });

    it('that comes late does not undo a later change', () => {
      store.applyChange(change(6, anOutlet('a', { revision: 2, live: 'FAILED' })));
      store.applyRemoval({ cursor: 5, outletId: 'a' });
      expect(statusOf('a')).toBe('FAILED');
    });
  });

  describe('snapshot', () => {
    it('does not turn back what was pushed before it on the same connection', () => {
      store.applySnapshot(snapshot(1, anOutlet('a', { revision: 1 })));
      store.applyChange(change(6, anOutlet('a', { revision: 6, live: 'FAILED' })));
      store.applyChange(change(7, anOutlet('new', { revision: 0 })));
      store.applySnapshot(snapshot(5, anOutlet('a', { revision: 5 })));
      expect(statusOf('a')).toBe('FAILED');
      expect(statusOf('new')).toBe('CONNECTED');
      expect(store.cursor).toBe(7);
    });

    it('after a gap shows what was missed, and counts it as changes', () => {
      store.applySnapshot(snapshot(1, anOutlet('a', { revision: 1 }), anOutlet('b'), anOutlet('gone')));
      store.connected();
      store.applySnapshot(snapshot(9, anOutlet('a', { revision: 3, live: 'FAILED' }), anOutlet('b')));
      expect(statusOf('a')).toBe('FAILED');
      expect(changesOf('a')).toBe(1);
      expect(changesOf('b')).toBe(0);
      expect(store.row('gone')).toBeUndefined();
    });

    it('and a replay of the same changes count once, whichever comes first', () => {
      const missed = change(5, anOutlet('a', { revision: 3, live: 'FAILED' }));
      for (const replayFirst of [true, false]) {
        const resumed = new StatusStore();
        resumed.connected();
        resumed.applySnapshot(snapshot(1, anOutlet('a', { revision: 1 })));
        resumed.connected();
        if (replayFirst) resumed.applyChange(missed);
        resumed.applySnapshot(snapshot(5, missed.status));
        if (!replayFirst) resumed.applyChange(missed);
        expect(resumed.row('a')).toMatchObject({ changes: 1, status: { revision: 3 } });
      }
    });

    it('of a new connection overrules everything, so that a restored database is believed', () => {
      store.applySnapshot(snapshot(900, anOutlet('a', { revision: 50, live: 'FAILED' })));
      store.applyRemoval({ cursor: 901, outletId: 'b' });
      store.connected();
      store.applySnapshot(snapshot(3, anOutlet('a', { revision: 2 })));
      expect(store.row('a')?.status.revision).toBe(2);
      expect(store.cursor).toBe(3);
      store.applyChange(change(4, anOutlet('a', { revision: 3, live: 'PAUSED' })));
      expect(statusOf('a')).toBe('PAUSED');
    });
  });

  describe('evidence of life', () => {
    const early = '2026-11-21T06:59:00.000Z';
    const late = '2026-11-21T07:00:30.000Z';
    const lastSeen = () => store.row('a')?.status.session.lastSeen;

    it('moves `lastSeen` alone, and only forward', () => {
      store.applySnapshot(snapshot(1, anOutlet('a', { lastSeen: at })));
      store.applySeen({ at: late, lastSeen: { a: late, unknown: late } });
      expect(lastSeen()).toBe(late);
      store.applySeen({ at, lastSeen: { a: early } });
      expect(lastSeen()).toBe(late);
      expect(store.row('a')).toMatchObject({ changes: 0, status: { revision: 1 } });
      expect(store.counts().total).toBe(1);
    });

    it('survives a change that was written before it', () => {
      store.applySnapshot(snapshot(1, anOutlet('a', { lastSeen: at })));
      store.applySeen({ at: late, lastSeen: { a: late } });
      store.applyChange(change(2, anOutlet('a', { revision: 2, live: 'TIMEOUT', lastSeen: at })));
      expect(lastSeen()).toBe(late);
    });
  });

  it('takes only news from an answer: what it lacks may have been removed by a push', () => {
    store.applySnapshot(snapshot(1, anOutlet('a', { revision: 4 }), anOutlet('b', { revision: 4, live: 'FAILED' })));
    store.applyAnswer([
      anOutlet('a', { revision: 5, live: 'TIMEOUT' }),
      anOutlet('b', { revision: 3, live: 'CONNECTED' }),
      anOutlet('c', { revision: 1 }),
    ]);
    expect(['a', 'b', 'c'].map(statusOf)).toEqual(['TIMEOUT', 'FAILED', undefined]);
    expect(store.cursor).toBe(1);
  });

  it('forgets everything when the person changes', () => {
    store.applySnapshot(snapshot(5, anOutlet('a')));
    store.clear();
    expect([store.rows(), store.loaded(), store.cursor]).toEqual([[], false, null]);
  });
});
