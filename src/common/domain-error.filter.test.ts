import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Body, Controller, Get, HttpException, Logger, Post, type ArgumentsHost } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ErrorBody } from '@koneksi/contracts/errors';
import { QueryFailedError } from 'typeorm';
import * as z from 'zod';
import { BodyLimit } from './bodies/json-bodies.js';
import { CommonModule } from './common.module.js';
import { DomainError } from './domain-error.js';
import { DomainErrorFilter } from './domain-error.filter.js';
import { KeyEncryptionKey } from './envelope.js';
import { Limiters } from './limiters.js';
import { QuotaReached } from './quota-reached.js';
import { RefusedForNow } from './refused-for-now.js';
import { TooManyAttempts } from './too-many-attempts.js';

const SECRET = 'hash-of-a-password';

function queryFailed(code: string, message: string): QueryFailedError {
  return new QueryFailedError('INSERT INTO users VALUES ($1)', [SECRET], Object.assign(new Error(message), { code }));
}

const THROWN: Record<string, () => unknown> = {
  domain: () => new DomainError('NUMBER_TAKEN', 409, 'another outlet has this number'),
  wait: () => new TooManyAttempts(90, { name: 'login', quota: 10, windowSeconds: 900 }),
  whatsapp: () => new RefusedForNow('PAIRING_CODE_LIMITED', 'WhatsApp gives none', 120),
  busy: () => new RefusedForNow('IDEMPOTENCY_IN_PROGRESS', 'worked on', 1, 409),
  quota: () => new QuotaReached({ name: 'files', of: 'bytes', limit: 100, used: 130 }, 40),
  nest: () => new HttpException('I am a teapot', 418),
  unknown: () => new Error(`surprise at /home/koneksi/secret.ts`),
  query: () => queryFailed('42P01', 'relation "ghosts" does not exist'),
  nothing: () => undefined,
  refused: () => Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
  shutdown: () => queryFailed('57P01', 'terminating connection due to administrator command'),
  cut: () => new Error('Connection terminated unexpectedly'),
  pool: () => new Error('timeout exceeded when trying to connect'),
  slow: () => queryFailed('57014', 'canceling statement due to statement timeout'),
};

@Controller()
class Failing {
  @Post('echo')
  @BodyLimit(1_024)
  echo(@Body({ schema: z.strictObject({ name: z.string() }) }) body: unknown): unknown {
    return body;
  }

  @Get('throw/:what')
  throw(): never {
    throw THROWN[Failing.what]!();
  }

  static what: string;
}

let app: NestExpressApplication;
const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);

beforeAll(async () => {
  const testing = await Test.createTestingModule({ imports: [CommonModule], controllers: [Failing] })
    // It comes with secrets of a configuration, and nothing here is sealed.
    .overrideProvider(KeyEncryptionKey)
    .useValue(null)
    .overrideProvider(Limiters)
    .useValue(new Limiters())
    .compile();
  app = testing.createNestApplication<NestExpressApplication>({ bodyParser: false });
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());
beforeEach(() => {
  logged.mockClear();
});

async function call(path: string, init: RequestInit = {}) {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as ErrorBody };
}

function thrown(what: string) {
  Failing.what = what;
  return call('/throw/it');
}

const post = (body: string, headers: Record<string, string> = {}) =>
  call('/echo', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

test('speaks Indonesian, and English to those who ask', async () => {
  const indonesian = await post('{}');
  expect(indonesian.body).toEqual({
    success: false,
    error: {
      code: 'VALIDATION_FAILED',
      message: 'Ada isian yang belum benar.',
      fields: [{ field: 'name', message: 'Wajib diisi.' }],
      requestId: expect.any(String),
    },
  });
  const english = await post('{}', { 'accept-language': 'en-GB' });
  expect(english.body.error).toMatchObject({
    message: 'Some fields are not right.',
    fields: [{ field: 'name', message: 'Required.' }],
  });
});

test('keeps the code and status of an expected failure, and logs nothing', async () => {
  expect(await thrown('domain')).toMatchObject({ status: 409, body: { error: { code: 'NUMBER_TAKEN' } } });
  expect(logged).not.toHaveBeenCalled();
});

test.each([
  ['wait', '"login";q=10;w=900', '"login";r=0;t=90'],
  ['quota', '"files";q=100', '"files";r=10'],
  ['whatsapp', null, '"whatsapp";r=0;t=120'],
  ['busy', null, null],
  ['domain', null, null],
])('of a limit that was reached it says what there is and what is left: %s', async (what, policy, limit) => {
  const { headers } = await thrown(what);
  expect([headers.get('ratelimit-policy'), headers.get('ratelimit')]).toEqual([policy, limit]);
});

test('says when to come back', async () => {
  const answer = await thrown('wait');
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('90');
});

test.each([
  ['no JSON', '{"name":', 400, 'MALFORMED_BODY'],
  ['no JSON either', 'name=Jakarta', 400, 'MALFORMED_BODY'],
  ['too much of it', JSON.stringify({ name: 'x'.repeat(2000) }), 413, 'PAYLOAD_TOO_LARGE'],
])('a body that is %s', async (_, body, status, code) => {
  const answer = await post(body);
  expect(answer).toMatchObject({ status, body: { success: false, error: { code } } });
});

test('a body in an encoding that nobody has', async () => {
  expect(await post('{}', { 'content-encoding': 'snail' })).toMatchObject({
    status: 415,
    body: { error: { code: 'UNSUPPORTED_MEDIA_TYPE' } },
  });
});

test('a route that is none, and an address that is none', async () => {
  expect(await call('/nowhere')).toMatchObject({ status: 404, body: { success: false, error: { code: 'NOT_FOUND' } } });
  expect(await call('/throw/%FF')).toMatchObject({
    status: 400,
    body: { success: false, error: { code: 'BAD_REQUEST' } },
  });
});

test('statuses of Nest itself keep their number', async () => {
  expect(await thrown('nest')).toMatchObject({ status: 418, body: { error: { code: 'BAD_REQUEST' } } });
});

test.each(['unknown', 'query', 'nothing'])(
  'hides an unexpected failure (%s) behind an id the log has too',
  async (what) => {
    const answer = await thrown(what);
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL' } } });
    expect(JSON.stringify(answer.body)).not.toMatch(/surprise|ghosts|secret|INSERT/);
    expect(logged).toHaveBeenCalledTimes(1);
    expect(logged.mock.calls[0]?.[0]).toContain(answer.body.error.requestId);
  },
);

test('does not log the values of the statement that failed', async () => {
  await thrown('query');
  expect(JSON.stringify(logged.mock.calls)).toContain('ghosts');
  expect(JSON.stringify(logged.mock.calls)).not.toContain(SECRET);
});

test.each(['refused', 'shutdown', 'cut', 'pool', 'slow'])('tells that the database is away (%s)', async (what) => {
  expect(await thrown(what)).toMatchObject({ status: 503, body: { error: { code: 'STORE_DOWN' } } });
  expect(logged).not.toHaveBeenCalled();
});

test('refuses a socket event in its acknowledgement', () => {
  const acknowledge = jest.fn();
  const host = { getType: () => 'ws', getArgs: () => [{}, {}, acknowledge] } as unknown as ArgumentsHost;
  new DomainErrorFilter().catch(new DomainError('OUTLET_NOT_FOUND', 404, 'no'), host);
  expect(acknowledge).toHaveBeenCalledWith({
    success: false,
    error: { code: 'OUTLET_NOT_FOUND', message: 'Outlet tidak ditemukan.', requestId: expect.any(String) },
  });
});
