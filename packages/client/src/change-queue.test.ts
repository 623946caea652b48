import { describe, expect, it, test } from '@jest/globals';
import type { ResumeAnswer, StatusChange, StatusSnapshot } from '@koneksi/contracts/realtime';
import * as fc from 'fast-check';
import { ChangeQueue, type Delivery } from './change-queue.ts';

const change = (cursor: number): StatusChange => ({ cursor }) as StatusChange;
const snapshot = (cursor: number): StatusSnapshot => ({ cursor, at: '', statuses: [] });
const missed = (cursor: number, ...cursors: number[]): ResumeAnswer => ({
  success: true,
  cursor,
  changes: cursors.map(change),
});
const refusal: ResumeAnswer = { success: false, error: { code: 'STORE_DOWN', message: '' } };

/** `s7` for a snapshot as of 7, `7` for the change with that cursor. */
const told = (deliveries: Delivery[] | false): string =>
  deliveries === false
    ? 'ask again'
    : deliveries
        .map((delivery) => (delivery.type === 'snapshot' ? `s${delivery.snapshot.cursor}` : delivery.event.cursor))
        .join(' ');

describe('the first connection', () => {
  it('begins with its snapshot and goes on from there', () => {
    const queue = new ChangeQueue(null);
    expect(queue.connected()).toBeNull();
    expect(told(queue.event(change(6)))).toBe('');
    expect(told(queue.snapshot(snapshot(5)))).toBe('s5 6');
    expect(told(queue.event(change(7)))).toBe('7');
    expect(told(queue.event(change(7)))).toBe('');
  });

  it('goes on from the cursor of an earlier process, with what it missed before what happens now', () => {
    const queue = new ChangeQueue(3);
    expect(queue.connected()).toBe(3);
    expect(told(queue.snapshot(snapshot(8)))).toBe('');
    expect(told(queue.event(change(9)))).toBe('');
    expect(told(queue.resumed(missed(9, 4, 8, 9)))).toBe('4 8 9');
    expect(told(queue.event(change(12)))).toBe('12');
  });
});

describe('a later connection', () => {
  const lost = (): ChangeQueue => {
    const queue = new ChangeQueue(null);
    queue.connected();
    queue.snapshot(snapshot(5));
    queue.disconnected();
    return queue;
  };

  it('tells nothing between the end of one and what was missed', () => {
    const queue = lost();
    expect(told(queue.event(change(6)))).toBe('');
    queue.connected();
    queue.snapshot(snapshot(7));
    expect(told(queue.event(change(8)))).toBe('');
    expect(told(queue.resumed(missed(7, 6, 7)))).toBe('6 7 8');
  });

  it('takes the snapshot of a server that no longer knows, be it older than what was told', () => {
    const queue = lost();
    queue.connected();
    expect(told(queue.resumed({ success: true, cursor: 2, snapshot: snapshot(2) }))).toBe('s2');
    expect(told(queue.event(change(3)))).toBe('3');
  });

  it('waits where the server refuses, and takes the snapshot when told to', () => {
    const queue = lost();
    queue.connected();
    queue.snapshot(snapshot(7));
    queue.event(change(8));
    expect(told(queue.resumed(refusal))).toBe('ask again');
    expect(told(queue.beginAnew())).toBe('s7 8');
    expect(queue.isLive).toBe(true);
  });

  it('hears nothing of an answer that comes after its end', () => {
    const queue = lost();
    queue.connected();
    queue.disconnected();
    expect(told(queue.resumed(missed(9, 6)))).toBe('');
    expect(queue.connected()).toBe(5);
  });
});

test('however connections come and go, every change is told once and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('change', 'cut', 'connect', 'answer'), { maxLength: 200 }), (steps) => {
      const queue = new ChangeQueue(0);
      const heard: number[] = [];
      let log = 0;
      let asked: number | null = null;
      let connected = false;
      const hear = (deliveries: Delivery[] | false): void => {
        for (const delivery of deliveries || []) if (delivery.type === 'event') heard.push(delivery.event.cursor);
      };
      for (const step of [...steps, 'cut', 'connect', 'answer']) {
        if (step === 'change') {
          log++;
          if (connected) hear(queue.event(change(log)));
        } else if (step === 'cut') {
          connected = false;
          asked = null;
          queue.disconnected();
        } else if (step === 'connect' && !connected) {
          connected = true;
          asked = queue.connected();
          hear(queue.snapshot(snapshot(log)));
        } else if (step === 'answer' && asked !== null) {
          const from = asked;
          asked = null;
          hear(queue.resumed(missed(log, ...Array.from({ length: log - from }, (_, index) => from + 1 + index))));
        }
      }
      expect(heard).toEqual(Array.from({ length: log }, (_, index) => index + 1));
    }),
  );
});
