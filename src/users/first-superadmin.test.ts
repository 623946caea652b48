import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { TestApi, SUPERADMIN } from '../../test/support/test-api.js';
import { Config } from '../config/config.js';
import { FirstSuperadmin } from './first-superadmin.js';
import { UsersService } from './users.service.js';
import { UserEntity } from '../auth/user.entity.js';
import { Passwords } from '../auth/passwords.js';

let api: TestApi;
let printed: string;
beforeEach(async () => {
  api = await TestApi.start();
  await api.database.dataSource.query('DELETE FROM users');
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await api.stop();
});

function bootstrap(superadmin: Config['superadmin']): FirstSuperadmin {
  const config = Object.assign(Object.create(Config.prototype) as Config, { superadmin });
  return new FirstSuperadmin(api.database.dataSource, api.app.get(UsersService), config);
}

test('is made with the given email and password, about which nothing is printed', async () => {
  await bootstrap(SUPERADMIN).onApplicationBootstrap();
  expect((await api.signIn(SUPERADMIN)).user).toMatchObject({ email: SUPERADMIN.email, role: 'SUPERADMIN' });
  expect(printed).toBe('');
});

test('has a random password otherwise, printed once on the console', async () => {
  await bootstrap(null).onApplicationBootstrap();
  const [, email, password] = /email +(\S+)\n +password +(\S{20})\n/.exec(printed)!;
  expect((await api.signIn({ email: email!, password: password! })).user.role).toBe('SUPERADMIN');
  printed = '';
  await bootstrap(null).onApplicationBootstrap();
  expect(printed).toBe('');
});

test('is made once by processes that start together', async () => {
  await Promise.all([1, 2, 3].map(() => bootstrap(null).onApplicationBootstrap()));
  expect(await api.database.dataSource.manager.count(UserEntity)).toBe(1);
  expect(printed.match(/password {2}\S/g)).toHaveLength(1);
});

test('is not made, nor a password hashed, where there are users already', async () => {
  await api.person('USER');
  const hash = jest.spyOn(Passwords.prototype, 'hash');
  await bootstrap(SUPERADMIN).onApplicationBootstrap();
  expect(await api.database.dataSource.manager.countBy(UserEntity, { role: 'SUPERADMIN' })).toBe(0);
  expect(hash).not.toHaveBeenCalled();
});
