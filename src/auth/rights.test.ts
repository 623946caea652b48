import { expect, test } from '@jest/globals';
import { includesRole, rightsOf, sharedRights, type Rights } from './rights.js';

const admin: Rights = { role: 'ADMIN', outletIds: 'all' };
const user = (...outletIds: string[]): Rights => ({ role: 'USER', outletIds });

test('only USER is bound to the outlets assigned', () => {
  const outletIds = ['a'];
  expect(rightsOf({ role: 'USER', outletIds })).toEqual(user('a'));
  expect(rightsOf({ role: 'USER', outletIds: [] })).toEqual(user());
  expect(rightsOf({ role: 'ADMIN', outletIds })).toEqual(admin);
  expect(rightsOf({ role: 'SUPERADMIN', outletIds }).outletIds).toBe('all');
});

test.each([
  ['SUPERADMIN', 'ADMIN', true],
  ['ADMIN', 'ADMIN', true],
  ['USER', 'ADMIN', false],
  ['ADMIN', 'SUPERADMIN', false],
] as const)('%s includes %s: %s', (role, needed, expected) => {
  expect(includesRole(role, needed)).toBe(expected);
});

test.each([
  ['a limited key of an admin', user('a'), admin, user('a')],
  ['a key whose maker became USER', admin, user('a', 'b'), user('a', 'b')],
  ['a limited key whose maker became USER elsewhere', user('a', 'b'), user('b', 'c'), user('b')],
  ['a key whose maker lost everything', user('a'), user(), user()],
])('%s may do what both may', (_, key, maker, expected) => {
  expect(sharedRights(key, maker)).toEqual(expected);
});
