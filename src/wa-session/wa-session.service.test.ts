import { expect, test } from '@jest/globals';
import type { Caller } from '../auth/caller.js';
import { Limiters } from '../common/limiters.js';
import { Clock } from '../common/clock.js';
import type { OutletsService } from '../outlets/outlets.service.js';
import { Presses } from '../outlets/presses.js';
import type { SessionDesk, Verb } from './desk/session-desk.js';
import type { LinkAudit } from './link-audit.js';
import { WaSessionService } from './wa-session.service.js';

test('whoever presses all day is told to stop, and nobody else, nor what they do with another outlet', async () => {
  let told = 0;
  const outlets = { require: (_: Caller, id: string) => Promise.resolve({ id: id.toLowerCase() }) };
  const desk = { tell: () => Promise.resolve(void told++) };
  const sessions = new WaSessionService(
    outlets as unknown as OutletsService,
    desk as unknown as SessionDesk,
    {} as LinkAudit,
    new Clock(),
    new Presses(new Limiters()),
  );
  const caller = (id: string): Caller => ({ id, kind: 'user', name: id, role: 'USER', outletIds: 'all' });
  const verbs: Verb[] = [{ type: 'pause', by: 'Sari' }, { type: 'resume' }];
  for (let press = 0; press < 1_000; press++)
    await sessions.tell(caller('sari'), press % 3 ? 'a' : 'A', verbs[press % 2]!);
  await expect(sessions.tell(caller('sari'), 'a', verbs[0]!)).rejects.toMatchObject({
    code: 'TOO_MANY_ATTEMPTS',
    httpStatus: 429,
    retryAfterSeconds: expect.any(Number),
    limit: { name: 'presses', quota: 1_000, left: 0, windowSeconds: 86_400 },
  });
  expect(told).toBe(1_000);
  await sessions.tell(caller('sari'), 'b', verbs[0]!);
  await sessions.tell(caller('budi'), 'a', verbs[0]!);
  expect(told).toBe(1_002);
});
