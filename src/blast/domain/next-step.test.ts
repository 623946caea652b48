import { describe, expect, test } from '@jest/globals';
import type { Carefulness } from './careful.js';
import { mayWrite, nextStep, type NextStep, type Situation } from './next-step.js';

const jakarta = (time: string): number => Date.parse(`2026-11-21T${time}+07:00`);
const midnight = Date.parse('2026-11-22T00:00+07:00');

const careful: Carefulness = {
  zone: 'Asia/Jakarta',
  paceMinMs: 20_000,
  paceMaxMs: 45_000,
  newChatsPerDay: 20,
  knownChatsPerDay: 200,
  warmUpDays: 7,
  quietHours: { from: '20:00', to: '08:00' },
};
const calm: Situation = {
  now: jakarta('12:00'),
  healthy: true,
  stopped: null,
  notBefore: null,
  careful,
  usage: { newChats: 5, knownChats: 50, sendingDay: 30 },
  restrictedUntil: null,
  newChatsLeft: null,
  newChatsAgainAt: null,
};
const hold = (code: Extract<NextStep, { do: 'hold' }>['code'], until: number | null): NextStep => ({
  do: 'hold',
  code,
  until,
});
const send = (newChats: number, knownChats: number): NextStep => ({ do: 'send', newChats, knownChats });

describe('a message to one person', () => {
  test.each<[string, Partial<Situation>, known: boolean, stranger: boolean]>([
    ['leaves', {}, true, true],
    ['waits while the outlet is down', { healthy: false }, false, false],
    ['waits for the morning', { now: jakarta('21:00') }, false, false],
    ['waits for a lock, to a stranger', { restrictedUntil: midnight }, true, false],
    ['leaves once the lock is over', { restrictedUntil: jakarta('11:00') }, true, true],
    ["waits where WhatsApp's count is used up, to a stranger", { newChatsLeft: 0 }, true, false],
    ['waits for the next day of a cap', { usage: { newChats: 20, knownChats: 50, sendingDay: 30 } }, true, false],
    ['waits for the cap of acquaintances', { usage: { newChats: 5, knownChats: 200, sendingDay: 30 } }, false, true],
  ])('%s', (_, changes, known, stranger) => {
    expect([true, false].map((isKnown) => mayWrite({ ...calm, ...changes }, isKnown))).toEqual([known, stranger]);
  });
});

describe('what an outlet does next', () => {
  const cases: [what: string, changes: Partial<Situation>, step: NextStep][] = [
    ['sends what the caps leave', {}, send(15, 150)],
    [
      'stops after refusals, whatever else',
      { stopped: 'STOPPED_REFUSALS', healthy: false },
      hold('STOPPED_REFUSALS', null),
    ],
    ['waits for its time', { notBefore: jakarta('13:00') }, hold('NOT_YET', jakarta('13:00'))],
    ['begins when its time has come', { notBefore: jakarta('12:00') }, send(15, 150)],
    ['waits while it is not connected', { healthy: false }, hold('OUTLET_UNHEALTHY', null)],
    [
      'is quiet in the evening until morning',
      { now: jakarta('20:00') },
      hold('QUIET_HOURS', Date.parse('2026-11-22T08:00+07:00')),
    ],
    ['is quiet before dawn', { now: jakarta('03:30') }, hold('QUIET_HOURS', jakarta('08:00'))],
    ['sends the minute the quiet ends', { now: jakarta('08:00') }, send(15, 150)],
    ['sends the minute before the quiet', { now: jakarta('19:59') }, send(15, 150)],
    [
      'knows its own zone',
      { now: jakarta('18:30'), careful: { ...careful, zone: 'Asia/Jayapura' } },
      hold('QUIET_HOURS', Date.parse('2026-11-22T08:00+09:00')),
    ],
    [
      'writes only to those it knows once new chats are used up',
      { usage: { newChats: 20, knownChats: 0, sendingDay: 30 } },
      send(0, 200),
    ],
    [
      'waits for tomorrow when both caps are reached',
      { usage: { newChats: 20, knownChats: 200, sendingDay: 30 } },
      hold('DAILY_CAP', midnight),
    ],
    ['starts small', { usage: { newChats: 0, knownChats: 0, sendingDay: 1 } }, send(3, 29)],
    ['is warm on the last day', { usage: { newChats: 0, knownChats: 0, sendingDay: 7 } }, send(20, 200)],
    ['starts no new chats while WhatsApp restricts it', { restrictedUntil: jakarta('15:00') }, send(0, 150)],
    ['forgets a restriction that is over', { restrictedUntil: jakarta('11:00') }, send(15, 150)],
    ['starts no new chats when WhatsApp’s own cap is reached', { newChatsLeft: 0 }, send(0, 150)],
    [
      'tells how long it is restricted',
      { restrictedUntil: jakarta('15:00'), usage: { newChats: 0, knownChats: 200, sendingDay: 30 } },
      hold('RESTRICTED', jakarta('15:00')),
    ],
    [
      'asks again tomorrow where WhatsApp names no time',
      { newChatsLeft: 0, usage: { newChats: 0, knownChats: 200, sendingDay: 30 } },
      hold('RESTRICTED', midnight),
    ],
  ];
  test.each(cases)('%s', (_, changes, step) => {
    expect(nextStep({ ...calm, ...changes })).toEqual(step);
  });
});
