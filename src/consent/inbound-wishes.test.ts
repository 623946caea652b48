import { describe, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventBus, type Facts } from '../common/event-bus.js';
import { NotKept } from '../common/until-it-works.js';
import type { Clock } from '../common/clock.js';
import type { SystemDataSource } from '../database/system-data-source.js';
import { OfferedWayOut } from '../blast/replies/offered-way-out.js';
import { Replies } from '../blast/replies/replies.js';
import { OFFERED_LATELY_SQL } from '../blast/replies/reply-sql.js';
import type { ReplyWords } from '../blast/replies/reply-words.js';
import type { Ledger } from '../blast/ledger.js';
import { whenRecorded } from '../wa-session/when-recorded.js';
import { InboundWishes } from './inbound-wishes.js';
import type { PendingWishes } from './pending-wishes.js';
import type { Wishes, WishTold } from './wishes.js';

const AT = { outletId: 'o', messageId: 'm', text: 'STOP', quotes: null, at: 1 };
const FACTS: [string, (bus: EventBus, waitFor: Facts['message.received']['waitFor']) => void][] = [
  ['by number', (bus, waitFor) => bus.publish('message.received', { ...AT, number: '62811', waitFor })],
  ['by LID', (bus, waitFor) => bus.publish('message.unattributed', { ...AT, alias: '1@lid', waitFor })],
];

/** The database is away until the process ends. */
const away = (tried: () => void) => (): Promise<never> => {
  tried();
  return Promise.reject(new Error('away'));
};

const LISTENERS: [string, (bus: EventBus, tried: () => void) => { beforeApplicationShutdown: () => unknown }][] = [
  [
    'a STOP',
    (bus, tried) => {
      const wishes = { take: away(tried) } as unknown as Wishes;
      const made = new InboundWishes(bus, wishes, { keep: away(tried) } as unknown as PendingWishes);
      made.onModuleInit();
      return made;
    },
  ],
  [
    'a reply',
    (bus, tried) => {
      const store = { query: away(tried) } as unknown as SystemDataSource;
      return new Replies(store, {} as Ledger, {} as ReplyWords, {} as Clock, bus);
    },
  ],
];

describe.each(LISTENERS)('%s that is not stored when the process ends', (_, listen) => {
  test.each(FACTS)('was not read, %s', async (__, publish) => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const bus = new EventBus();
    const tried = Promise.withResolvers<void>();
    const listener = listen(bus, tried.resolve);
    const recorded = whenRecorded((waitFor) => publish(bus, waitFor));
    const outcome = expect(recorded).rejects.toThrow(NotKept);
    await tried.promise;
    await listener.beforeApplicationShutdown();
    await outcome;
    // Nor what comes after that.
    await expect(whenRecorded((waitFor) => publish(bus, waitFor))).rejects.toThrow(NotKept);
  });
});

/**
 * The ways in which a message is sure, waits or says nothing, by itself and to a blast that named TIDAK; where nobody knows
 * which blast it is to, what only that blast made sure waits.
 */
const OUTCOMES: [text: string, blast: string[] | null, outcome: string, ofWhomNobodyKnows?: string][] = [
  ['STOP', ['tidak'], 'obeyed'],
  ['STOP', null, 'obeyed'],
  ['TIDAK', ['tidak'], 'obeyed', 'held: stop'],
  ['tidak minat kak', ['tidak'], 'obeyed', 'held: tidak minat'],
  ['Tidak, jangan kirim promo lagi', ['tidak'], 'obeyed'],
  ['tidak, ini spam ya', ['tidak'], 'held: spam'],
  ['tidak bisa hari Sabtu', ['tidak'], 'held: tidak'],
  ['tidak minat kak', [], 'held: tidak minat'],
  ['tidak minat kak', null, 'held: tidak minat'],
  ['jam berapa kak?', ['tidak'], 'nothing'],
  ['TIDAK', null, 'nothing'],
];

describe.each([
  ['by number', '62811', null],
  ['by LID alone', null, null],
  ['by LID with a quote', null, 'sent'],
])('a message has one outcome, %s', (_, number, quotes) => {
  test.each(OUTCOMES)('%j to a blast that named %j: %s', async (text, words, outcome, unknown = outcome) => {
    const bus = new EventBus();
    const done: string[] = [];
    const tell = (told: WishTold): Promise<void> => {
      done.push(told.wish.kind === 'sure' ? 'obeyed' : `held: ${told.wish.words}`);
      return Promise.resolve();
    };
    const store = {
      query: (sql: string) =>
        Promise.resolve(
          sql === OFFERED_LATELY_SQL
            ? (words ?? []).map((word) => ({ word }))
            : words === null
              ? []
              : [{ number: '62811', words, is_answered: true }],
        ),
    } as unknown as SystemDataSource;
    const made = new InboundWishes(
      bus,
      { take: (_: string, told: WishTold) => tell(told) } as unknown as Wishes,
      { keep: (_: string, told: WishTold) => tell(told) } as unknown as PendingWishes,
    );
    made.onModuleInit();
    new OfferedWayOut(store, made).onModuleInit();
    await whenRecorded((waitFor) => {
      const fact = { ...AT, text, quotes, waitFor };
      if (number === null) bus.publish('message.unattributed', { ...fact, alias: '1@lid' });
      else bus.publish('message.received', { ...fact, number });
    });
    const expected = number === null && quotes === null ? unknown : outcome;
    expect(done).toEqual(expected === 'nothing' ? [] : [expected]);
  });
});

test('what cannot be looked up for what it quotes is a wish all the same', async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  const bus = new EventBus();
  const took: string[] = [];
  const made = new InboundWishes(
    bus,
    { take: (number: string) => Promise.resolve(void took.push(number)) } as unknown as Wishes,
    {} as PendingWishes,
  );
  made.onModuleInit();
  made.onAnswer(() => Promise.reject(Object.assign(new Error('invalid byte sequence'), { code: '22021' })));
  await whenRecorded((waitFor) => {
    bus.publish('message.received', { ...AT, text: 'ini spam ya', number: '62811', waitFor });
  });
  expect(took).toEqual(['62811']);
});
