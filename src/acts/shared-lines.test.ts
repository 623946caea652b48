import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Activity, ActivityPage, ActName } from '@koneksi/contracts/activity';
import { TestApi } from '../../test/support/test-api.js';
import { ActivityLog, type Actor } from './activity-log.js';
import { OWN_LINES_A_DAY } from './shared-lines.js';

const HOUR = 3_600_000;

let api: TestApi;
let log: ActivityLog;
beforeAll(async () => {
  api = await TestApi.start();
  log = api.app.get(ActivityLog);
  // Lines are of an hour: none ends while a test writes them.
  api.clock.skip(HOUR - (api.clock.wall() % HOUR));
});
afterAll(() => api.stop());

const somebody = (): Actor => ({ id: randomUUID(), kind: 'user', name: 'Budi' });
const begin = (actor: Actor, action: ActName, id: string = randomUUID()) =>
  log.begin({ action, actor, address: '::1', agent: null, subject: { id, name: 'x', outletIds: [], people: [] } });
async function act(actor: Actor, action: ActName, times: number, outletId?: string): Promise<void> {
  const subject = { id: null, name: null, outletIds: outletId ? [outletId] : [], people: [] };
  for (let done = 0; done < times; done += 20)
    await Promise.all(
      Array.from({ length: Math.min(20, times - done) }, async () =>
        log.end(await begin(actor, action), { actor, subject, changes: [] }),
      ),
    );
}
async function linesOf({ id }: Actor): Promise<Activity[]> {
  const token = await api.token();
  const lines: Activity[] = [];
  for (let after = ''; ;) {
    const path = `/activity?limit=200&actor=${id}${after && `&after=${after}`}`;
    const { items, next } = (await api.call('GET', path, { token })).body as ActivityPage;
    lines.push(...items);
    if (next === null) return lines;
    after = encodeURIComponent(next);
  }
}
const shared = (lines: Activity[]) => lines.filter(({ times }) => times !== undefined);

test('what one actor does without end shares a line an hour that counts it, and hides no other act', async () => {
  const actor = somebody();
  const outlet = randomUUID();
  await act(actor, 'contact.created', OWN_LINES_A_DAY + 130, outlet);
  await act(actor, 'api-key.created', 1);
  const lines = await linesOf(actor);
  expect(lines).toHaveLength(OWN_LINES_A_DAY + 2);
  const [line] = shared(lines);
  expect(line).toMatchObject({
    action: 'contact.created',
    outcome: 'done',
    times: 130,
    outletIds: [outlet],
    changes: [],
  });
  expect(line!.until! > line!.at).toBe(true);
  expect(lines.filter(({ action }) => action === 'api-key.created')).toHaveLength(1);

  api.clock.skip(HOUR);
  await act(actor, 'contact.created', 40);
  expect(shared(await linesOf(actor)).map(({ times }) => times)).toEqual([40, 130]);
  // Others have lines of their own.
  const other = somebody();
  await act(other, 'contact.created', 1);
  expect(shared(await linesOf(other))).toEqual([]);

  const csv = (
    await api.call('GET', `/activity.csv?actor=${actor.id}&action=contact.created`, { token: await api.token() })
  ).body as string;
  expect(csv).toContain('130 kali');
});

test('what came to nothing is not counted, and takes nothing of the budget', async () => {
  const actor = somebody();
  for (let nth = 0; nth < 30; nth++) await log.drop(await begin(actor, 'outlet.paused'));
  await act(actor, 'outlet.paused', OWN_LINES_A_DAY);
  const refused = await begin(actor, 'outlet.paused');
  // Begun, and nobody knows yet what came of it.
  expect(await linesOf(actor)).toHaveLength(OWN_LINES_A_DAY + 1);
  await log.drop(refused);
  expect(await linesOf(actor)).toHaveLength(OWN_LINES_A_DAY);
  await act(actor, 'outlet.paused', 2);
  await log.drop(await begin(actor, 'outlet.paused'));
  expect(shared(await linesOf(actor))).toMatchObject([{ times: 2 }]);
});
