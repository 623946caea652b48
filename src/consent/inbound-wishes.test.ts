import { describe, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventBus, type Facts } from '../common/event-bus.js';
import { NotKept } from '../common/until-it-works.js';
import type { Clock } from '../common/clock.js';
import type { SystemDataSource } from '../database/system-data-source.js';
import { Replies } from '../blast/replies/replies.js';
import type { ReplyWords } from '../blast/replies/reply-words.js';
import type { Ledger } from '../blast/ledger.js';
import { whenRecorded } from '../wa-session/when-recorded.js';
import { InboundWishes } from './inbound-wishes.js';
import type { PendingWishes } from './pending-wishes.js';
import type { Wishes } from './wishes.js';

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
