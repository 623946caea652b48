import { LOCALES, reasonSentences, type Locale } from '@koneksi/contracts/reason-texts';
import { describe, expect, test } from '@jest/globals';
import { FleetReach } from '../fleet-reach.js';
import { reachOf, type Reach } from './reach.js';
import { toRecord } from './session-record.js';
import type { Phase, SessionState } from './session-state.js';
import { beginning } from './transition.js';

test.each<[reaching: number, failing: number, told: Reach | undefined]>([
  [0, 0, undefined],
  [0, 1, 'server'],
  [0, 299, 'server'],
  [1, 0, 'alone'],
  [299, 0, 'alone'],
  [2, 1, 'alone'],
  [1, 1, undefined],
  [1, 2, undefined],
  [100, 199, undefined],
])('with %i others connected and %i that cannot, it is told of %s', (reaching, failing, told) => {
  expect(reachOf({ reaching, failing })).toBe(told);
});

const online: Phase = { name: 'online', openedAt: 0 };
const login = { purpose: 'login', method: 'qr', detail: 'ETIMEDOUT' } as const;
const inVain: Phase = { name: 'waiting', ...login, code: 'WHATSAPP_UNREACHABLE', retryAt: 1 };

test('only whoever tries in vain or gets there is evidence, and nobody is evidence of their own', () => {
  const fleet = new FleetReach();
  fleet.note('a', online);
  fleet.note('b', inVain);
  fleet.note('c', { ...inVain, code: 'STORE_DOWN' });
  fleet.note('d', { name: 'opening', ...login, code: 'RECONNECTING', openBy: null });
  fleet.note('e', { name: 'paused', by: 'Siti', at: 0 });
  expect(fleet.others('a')).toEqual({ reaching: 0, failing: 1 });
  expect(fleet.others('b')).toEqual({ reaching: 1, failing: 0 });
  expect(fleet.others('e')).toEqual({ reaching: 1, failing: 1 });
  fleet.note('b', { name: 'opening', ...login, code: 'WHATSAPP_UNREACHABLE', openBy: null });
  expect(fleet.others('a')).toEqual({ reaching: 0, failing: 1 });
  fleet.note('b', online);
  expect(fleet.others('a')).toEqual({ reaching: 1, failing: 0 });
  fleet.forget('b');
  expect(fleet.others('a')).toEqual({ reaching: 0, failing: 0 });
});

describe('the row', () => {
  const outlet = { name: 'A', number: '628120000001', isActive: true, autoReconnect: true, city: null, tags: [] };
  const nothing = { linkedNumber: null, linkedAt: null, sessionName: null, lastSeen: null };
  const state = (phase: Phase, others: SessionState['others']): SessionState => ({
    ...beginning({ outletId: 'o', outlet, ...nothing, seed: 1 }),
    phase,
    others,
  });

  test('says whom it concerns while WhatsApp cannot be reached, and of nothing else', () => {
    const others = { reaching: 0, failing: 4 };
    expect(toRecord(state(inVain, others)).params).toEqual({ detail: 'ETIMEDOUT', reach: 'server' });
    expect(toRecord(state({ ...inVain, code: 'RECONNECTING' }, others)).params).toEqual({ detail: 'ETIMEDOUT' });
    expect(toRecord(state({ ...inVain, code: 'STORE_DOWN' }, others)).params.reach).toBeUndefined();
    const opening: Phase = { name: 'opening', ...login, code: 'WHATSAPP_UNREACHABLE', openBy: null };
    expect(toRecord(state(opening, { reaching: 3, failing: 0 })).params.reach).toBe('alone');
    expect(toRecord(state(opening, { reaching: 0, failing: 0 })).params).toEqual({ detail: 'ETIMEDOUT' });
  });
});

describe('the words', () => {
  const INTERNET: Record<Locale, RegExp> = {
    id: /^Periksa internet di server/,
    en: /^Check the server's internet connection/,
  };

  test.each(LOCALES)('in %s blame the internet only where the fleet agrees', (locale) => {
    const say = (params: { reach?: Reach; detail?: string }) => reasonSentences('WHATSAPP_UNREACHABLE', params, locale);
    expect(say({ reach: 'server', detail: 'ETIMEDOUT' }).action).toMatch(INTERNET[locale]);
    for (const params of [{}, { reach: 'alone' as const }, { reach: 'server' as const, detail: 'HTTP 429' }])
      expect(say(params).action).not.toMatch(INTERNET[locale]);
    const told = [undefined, 'alone' as const, 'server' as const].map((reach) => say({ ...(reach && { reach }) }));
    expect(new Set(told.map(({ message }) => message)).size).toBe(3);
    expect(new Set(told.map(({ action }) => action)).size).toBe(3);
  });
});
