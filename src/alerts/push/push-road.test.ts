import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import webPush from 'web-push';
import { PushService } from '../../../test/support/push-service.js';
import { UnreadableSecret } from '../../common/sealing.js';
import type { AllowedOrigins } from '../../config/allowed-origins.js';
import type { Config } from '../../config/config.js';
import { Egress } from '../../webhooks/egress.js';
import type { Message } from '../alert-outbox.js';
import type { PushKeys } from './push-keys.js';
import { PushRoad } from './push-road.js';
import type { Endpoint, PushSubscriptions } from './push-subscriptions.service.js';

let service: PushService;
let browser: Endpoint;
beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  service = await PushService.start();
  browser = service.browser('hp');
});
afterAll(() => service.stop());

const message: Message = {
  id: randomUUID(),
  ruleId: null,
  channel: 'push',
  target: `${randomUUID()} ${randomUUID()}`,
  language: 'id',
  content: { kind: 'test', ruleName: 'Jaga', zone: 'Asia/Jakarta', at: new Date().toISOString(), items: [] },
  incidentIds: [],
  tries: 0,
};

const ok =
  <T>(value: T) =>
  (): Promise<T> =>
    Promise.resolve(value);
const fails = (error: Error) => (): Promise<never> => Promise.reject(error);

/** A road on which everything is well but what is named. */
function road(faulty: Partial<Record<'open' | 'read' | 'noteSent', () => Promise<unknown>>>): PushRoad {
  const { open = ok(browser), read = ok(webPush.generateVAPIDKeys()), noteSent = ok(undefined) } = faulty;
  return new PushRoad(
    { open, noteSent } as unknown as PushSubscriptions,
    { read } as unknown as PushKeys,
    new Egress(['127.0.0.0/8']),
    { home: 'https://koneksi.example.com' } as AllowedOrigins,
    { alerts: { timeoutMs: 10_000 } } as Config,
  );
}

test.each([
  ['no key opens where it is', { open: fails(new UnreadableSecret()) }],
  ['no key opens what signs it', { read: fails(new UnreadableSecret()) }],
  [
    'nothing can be encrypted for it',
    { open: () => Promise.resolve({ ...browser, keys: { p256dh: 'AAAA', auth: browser.keys.auth } }) },
  ],
])('a browser is given up where %s, and nothing is sent', async (_, faulty) => {
  const asked = service.asked.length;
  expect(await road(faulty).send(message)).toEqual({ fault: 'PUSH_REFUSED', code: null, isFinal: true });
  expect(service.asked).toHaveLength(asked);
});

test('a database that is away gives no browser up', async () => {
  const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
  await expect(road({ open: fails(away) }).send(message)).rejects.toBe(away);
});

test('what rang has rung, though it could not be noted', async () => {
  expect(await road({ noteSent: fails(new Error('away')) }).send(message)).toEqual({ fault: null, code: null });
});
