import { describe, expect, it } from '@jest/globals';
import { type Env, EnvFaults, parseEnv, type RawEnv } from './env.js';

const KEY = 'qL0vO5kq8m4r1yWcZxJ7tB2nE9sUgHfDaPiXoVbNwMk=';
const SECRET = 'b1946ac92492d2347c6235b4d2611184x';

function env(raw: RawEnv): Env {
  const parsed = parseEnv(raw);
  if (parsed instanceof EnvFaults) throw new Error(parsed.message);
  return parsed;
}

function faults(raw: RawEnv): readonly string[] {
  const parsed = parseEnv(raw);
  return parsed instanceof EnvFaults ? parsed.faults : [];
}

describe('an empty environment', () => {
  it('is usable, and listens on this machine only', () => {
    expect(env({})).toMatchObject({
      http: { port: 3000, host: '127.0.0.1', publicOrigins: null, trustProxy: 0 },
      database: { url: null, directUrl: null, severalNodes: false },
      secrets: { jwtSecret: null, credentialsKey: null, previousCredentialsKey: null, nextCredentialsKey: null },
      superadmin: null,
      whatsapp: {
        webSocketUrl: 'wss://web.whatsapp.com/ws/chat',
        rootKey: null,
        keepAliveMs: 25_000,
        connectsPerSecond: 100,
        connectBurst: 30,
        connectingMax: 10,
      },
      reconcileIntervalMs: 15_000,
      statusRetentionDays: 30,
      activityRetentionDays: 400,
      blastContentDays: 90,
      blastPaceMs: { min: 20_000, max: 45_000 },
      metricsToken: null,
      log: { level: 'info', format: 'json' },
    });
  });

  it('takes an empty value for no value', () => {
    expect(env({ PORT: '', JWT_SECRET: ' ', LOG_LEVEL: '' })).toEqual(env({}));
  });

  it('logs for people on a terminal', () => {
    expect(parseEnv({}, true)).toMatchObject({ log: { format: 'pretty' } });
    expect(parseEnv({ LOG_FORMAT: 'json' }, true)).toMatchObject({ log: { format: 'json' } });
  });
});

describe('a given environment', () => {
  it('is typed', () => {
    const given = env({
      PORT: '8080',
      HOST: '::1',
      DATABASE_URL: 'postgres://koneksi:p%40ss@db/koneksi',
      JWT_SECRET: SECRET,
      CREDENTIALS_KEY: KEY,
      SUPERADMIN_EMAIL: 'Owner@Example.com',
      SUPERADMIN_PASSWORD: 'long enough for us',
      WA_WEB_SOCKET_URL: 'ws://127.0.0.1:4000/ws/chat',
      WA_ROOT_KEY: 'AB'.repeat(32),
      BLAST_PACE_MS: '0-0',
      PUBLIC_ORIGIN: 'https://status.example.com, http://localhost:8080/',
      TRUST_PROXY: 'loopback, 10.0.0.0/8',
      LOG_LEVEL: 'debug',
      SMTP_URL: 'smtps://user:secret@mail.example.com',
      SMTP_FROM: 'Koneksi Alerts <Jaga@Example.com>',
    });
    expect(given.http).toEqual({
      port: 8080,
      host: '::1',
      publicOrigins: ['https://status.example.com', 'http://localhost:8080'],
      trustProxy: ['loopback', '10.0.0.0/8'],
    });
    expect(given.secrets.credentialsKey).toHaveLength(32);
    expect(given.superadmin?.email).toBe('owner@example.com');
    expect(given.whatsapp.rootKey).toHaveLength(32);
    expect(given.blastPaceMs).toEqual({ min: 0, max: 0 });
    expect(given.smtp?.from).toBe('"Koneksi Alerts" <jaga@example.com>');
  });
});

describe('a fault', () => {
  it.each<[RawEnv, RegExp]>([
    [{ PORT: 'http' }, /^PORT must be a whole number from 0 to 65535$/],
    [{ PORT: '65536' }, /^PORT must be a whole number/],
    [{ PORT: '-1' }, /^PORT must be a whole number/],
    [{ PORT: '80.5' }, /^PORT must be a whole number/],
    [{ HOST: 'http://localhost' }, /^HOST must be a host name/],
    [{ WA_WEB_SOCKET_URL: 'https://web.whatsapp.com' }, /^WA_WEB_SOCKET_URL must be a ws/],
    [{ WA_WEB_SOCKET_URL: 'web.whatsapp.com' }, /^WA_WEB_SOCKET_URL must be a ws/],
    [{ WA_ROOT_KEY: 'abc' }, /^WA_ROOT_KEY must be 64 hex digits$/],
    [{ WA_KEEPALIVE_MS: '0' }, /^WA_KEEPALIVE_MS must be a whole number/],
    [{ WA_CONNECTS_PER_SECOND: '0' }, /^WA_CONNECTS_PER_SECOND must be/],
    [{ RECONCILE_INTERVAL_MS: 'soon' }, /^RECONCILE_INTERVAL_MS must be/],
    [{ STATUS_RETENTION_DAYS: '7' }, /^STATUS_RETENTION_DAYS must be a whole number from 8/],
    [{ BLAST_CONTENT_DAYS: '29' }, /^BLAST_CONTENT_DAYS must be a whole number from 30/],
    [{ BLAST_PACE_MS: '5' }, /^BLAST_PACE_MS must be two whole numbers min-max/],
    [{ BLAST_PACE_MS: '45000-20000' }, /^BLAST_PACE_MS must be/],
    [{ PUBLIC_ORIGIN: '*' }, /^PUBLIC_ORIGIN must be origins/],
    [{ PUBLIC_ORIGIN: 'https://example.com/app' }, /^PUBLIC_ORIGIN must be origins/],
    [{ PUBLIC_ORIGIN: 'https://example.com,ftp://example.com' }, /^PUBLIC_ORIGIN must be origins/],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY must be how many proxies/],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /^NODE_TLS_REJECT_UNAUTHORIZED=0 lets anyone/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of silent, fatal/],
    [{ LOG_FORMAT: 'xml' }, /^LOG_FORMAT must be pretty or json$/],
    [{ JWT_SECRET: 'secret' }, /^JWT_SECRET must be at least 32 random characters/],
    [{ JWT_SECRET: 'a'.repeat(40) }, /^JWT_SECRET must be/],
    [{ JWT_SECRET: 'changeme-changeme-changeme-changeme' }, /^JWT_SECRET must be/],
    [{ JWT_SECRET: 'your-256-bit-secret-your-256-bit-secret' }, /^JWT_SECRET must be/],
    [{ CREDENTIALS_KEY: 'changeme' }, /^CREDENTIALS_KEY must be 32 random bytes/],
    [{ CREDENTIALS_KEY: Buffer.alloc(32).toString('base64') }, /^CREDENTIALS_KEY must be 32 random bytes/],
    [{ CREDENTIALS_KEY: `${KEY}AAAA` }, /^CREDENTIALS_KEY must be 32 random bytes/],
    [{ SUPERADMIN_EMAIL: 'a@example.com' }, /^SUPERADMIN_EMAIL and SUPERADMIN_PASSWORD go together/],
    [{ SUPERADMIN_EMAIL: 'nobody', SUPERADMIN_PASSWORD: 'long enough for us' }, /^SUPERADMIN_EMAIL is not valid/],
    [{ SUPERADMIN_EMAIL: 'a@example.com', SUPERADMIN_PASSWORD: 'short' }, /^SUPERADMIN_PASSWORD is not valid/],
    [{ SMTP_URL: 'mail.example.com', SMTP_FROM: 'a@example.com' }, /^SMTP_URL must be an smtp/],
    [{ SMTP_URL: 'https://mail.example.com', SMTP_FROM: 'a@example.com' }, /^SMTP_URL must be an smtp/],
    [{ SMTP_URL: 'smtp://mail.example.com' }, /^SMTP_URL and SMTP_FROM go together/],
    [{ SMTP_URL: 'smtp://mail.example.com', SMTP_FROM: 'Koneksi' }, /^SMTP_FROM must be an address such as/],
    [{ SMTP_URL: 'smtp://mail.example.com', SMTP_FROM: 'K <a@example.com> x' }, /^SMTP_FROM must be an address/],
    [{ DATABASE_URL: 'mysql://db/koneksi', JWT_SECRET: SECRET, CREDENTIALS_KEY: KEY }, /^DATABASE_URL must be/],
    [{ SEVERAL_NODES: 'on' }, /^SEVERAL_NODES goes with DATABASE_URL/],
    [{ SEVERAL_NODES: 'yes' }, /^SEVERAL_NODES must be on or off/],
    [{ DATABASE_URL: 'postgres://db/koneksi', JWT_SECRET: SECRET }, /^CREDENTIALS_KEY is required with DATABASE_URL/],
    [{ DATABASE_URL: 'postgres://db/koneksi', CREDENTIALS_KEY: KEY }, /^JWT_SECRET is required with DATABASE_URL/],
  ])('of %j is named', (raw, sentence) => {
    expect(faults(raw)).toEqual([expect.stringMatching(sentence)]);
  });

  it('never hides another: all are named in one message', () => {
    const parsed = parseEnv({ PORT: 'x', WA_ROOT_KEY: 'y', DATABASE_URL: 'postgres://db/koneksi', LOG_LEVEL: 'z' });
    expect((parsed as EnvFaults).message.split('\n')).toHaveLength(6);
  });

  it('never repeats a secret', () => {
    const { message } = parseEnv({ JWT_SECRET: 'hunter2', CREDENTIALS_KEY: 'hunter2' }) as EnvFaults;
    expect(message).not.toContain('hunter2');
  });
});
