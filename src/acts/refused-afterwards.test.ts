import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi } from '../../test/support/test-api.js';
import { Access } from '../auth/access.js';
import { DomainError } from '../common/domain-error.js';
import { RefusedForNow } from '../common/refused-for-now.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { Leaves } from './act.js';

let done = 0;

const FAILURES: Record<string, () => Error> = {
  'refused-at-once': () => new DomainError('OUTLET_PAUSED', 409, 'paused'),
  'refused-for-now-afterwards': () => new RefusedForNow('PAIRING_CODE_LIMITED', 'none', 60).afterDone(),
  'refused-by-others-afterwards': () => new DomainError('PAIRING_CODE_REFUSED', 502, 'none').afterDone(),
  'not-written-down': () => new DomainError('STORE_DOWN', 503, 'away').afterDone(),
  late: () => new DomainError('PASSKEY_UNANSWERED', 504, 'late'),
};

@Controller('tried/:id')
@Access('all')
class Tried {
  @Post(':how')
  @Leaves('outlet.connected', { tells: ['method'] })
  @HttpCode(202)
  connect(@Param('how') how: string): never {
    done++;
    throw FAILURES[how]!();
  }
}

let api: TestApi;
let token: string;
let outlet: Outlet;
beforeAll(async () => {
  api = await TestApi.start({ controllers: [Tried], imports: [IdempotencyModule] });
  token = await api.token();
});
afterAll(() => api.stop());

interface LineRow {
  outcome: 'done' | 'unknown';
  outlet: string;
  changes: unknown;
}

test.each<[string, number, 'done' | 'unknown' | null]>([
  ['refused-at-once', 409, null],
  ['refused-for-now-afterwards', 429, 'done'],
  ['refused-by-others-afterwards', 502, 'done'],
  ['not-written-down', 503, 'done'],
  ['late', 504, 'unknown'],
])('an act %s leaves its line, and is done once under its key, where it was done', async (how, status, outcome) => {
  outlet = await api.outlet();
  const ask = () =>
    api.call('POST', `/tried/${outlet.id}/${how}`, {
      token,
      body: { method: 'pairing-code' },
      headers: { 'idempotency-key': how },
    });
  done = 0;
  expect((await ask()).status).toBe(status);
  const lines = await api.database.dataSource.query<LineRow[]>(
    `SELECT CASE WHEN ended_at IS NULL THEN 'unknown' ELSE 'done' END AS outcome, subject_name AS outlet, changes
     FROM activity WHERE subject_id = $1 AND action = 'outlet.connected'`,
    [outlet.id],
  );
  const changes = outcome === 'done' ? [{ field: 'method', before: null, after: 'pairing-code', hidden: false }] : [];
  expect(lines).toEqual(outcome === null ? [] : [{ outcome, outlet: outlet.name, changes }]);
  expect(await ask()).toMatchObject(outcome === null ? { status } : { status: 409, code: 'IDEMPOTENCY_UNKNOWN' });
  expect(done).toBe(outcome === null ? 2 : 1);
});
