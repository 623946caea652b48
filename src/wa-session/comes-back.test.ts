import { expect, test } from '@jest/globals';
import { COMES_BACK } from './comes-back.js';
import { SessionEntity } from './session.entity.js';

test('out of the bin an outlet has no other allowance of sockets than it had', () => {
  const session = COMES_BACK.find(({ entity }) => entity === SessionEntity)!;
  const opens = { spent: 11, at: 1_795_000_000_000 };
  const row = { outlet_id: 'o', status: 'CONNECTED', ever_linked: true, last_ending: null, last_seen: null };
  expect(session.back!({ ...row, opens, revision: '4' })).toMatchObject({ status: 'DISCONNECTED', opens });
});
