import { randomBytes } from 'node:crypto';
import type { RawEnv } from '../../src/config/env.js';

/** What `startApp` needs to run on a given database, quietly and on a free port. */
export function testEnv(databaseUrl: string, overrides: RawEnv = {}): RawEnv {
  return {
    DATABASE_URL: databaseUrl,
    JWT_SECRET: randomBytes(32).toString('hex'),
    CREDENTIALS_KEY: randomBytes(32).toString('base64'),
    SUPERADMIN_EMAIL: 'super@example.com',
    SUPERADMIN_PASSWORD: 'correct horse battery',
    PORT: '0',
    LOG_LEVEL: 'silent',
    ...overrides,
  };
}
