import { describe, expect, test } from '@jest/globals';
import { REASON_STATUS, type ReasonCode } from './outlet-status.ts';
import type { ReasonParams } from './outlet-status-schema.ts';
import { PHONE_NOT_TOLD, technicalDetail } from './reason-catalogue.ts';
import { LOCALES, reasonSentences, type Locale } from './reason-texts.ts';
import { warningSentences } from './warning-texts.ts';

const CODES = Object.keys(REASON_STATUS) as ReasonCode[];
const SOON = '2026-11-27T08:00:00.000Z';
/** Where Koneksi may try again by itself. */
const RETRIED: readonly ReasonCode[] = [
  'RECONNECTING',
  'WAITING_TURN',
  'WHATSAPP_UNREACHABLE',
  'STORE_DOWN',
  'REPLACED',
  'RESTRICTED',
  'OUTDATED',
];
const DETAILS = [
  'ECONNREFUSED',
  'ENETUNREACH',
  'EAI_AGAIN',
  'HTTP 503',
  'TLS certificate',
  'no answer',
  'credentials unreadable',
  'unreadable',
  ...['101', '102', '103', '104', '106', '401', '402', '403', '405', '406', '408', '409', '411', '413', '414', '415'],
  ...['428', '440', '500', '503', '515'],
];
const FACTS: readonly ReasonParams[] = [
  {},
  { attempt: 3 },
  { reach: 'server' },
  { reach: 'alone', detail: 'HTTP 429' },
  { reach: 'server', detail: 'HTTP 503' },
  { until: SOON },
  { number: '6281299990000' },
  { by: 'Adi', at: SOON },
  ...DETAILS.flatMap((detail) => [{ detail }, { detail, until: SOON, attempt: 2 }]),
  ...(['qr', 'pairing-code'] as const).flatMap((method) => [
    { method },
    { method, clientSince: SOON },
    { method, pinned: '2.3000.1' },
    { ranOut: method, clientSince: SOON, until: SOON },
  ]),
];
const PROMISE: Record<Locale, RegExp> = {
  id: /Koneksi (terus )?(mencoba|menyambung|menanyakan)[^.]*(sendiri|begitu)|kembali sendiri/i,
  en: /Koneksi (keeps|tries|reconnects|connects when|asks)|returns by itself/i,
};
const TECHNICAL = /\bE[A-Z_]{4,}\b|HTTP|[Ss]ocket|TLS|certificate|unreadable|no answer|\b[1-5]\d\d\b|phone not told/;

const all = (code: ReasonCode, params: ReasonParams, locale: Locale, nextRetryAt: string | null = null): string => {
  const { message, action } = reasonSentences(code, params, locale, nextRetryAt);
  return `${message} ${action}`;
};

describe.each(LOCALES)('in %s', (locale) => {
  test.each(CODES)('%s promises a retry only where one will be made', (code) => {
    for (const params of FACTS) {
      expect([params, all(code, params, locale)]).toEqual([params, expect.not.stringMatching(PROMISE[locale])]);
    }
  });

  test.each(RETRIED)('%s says so where Koneksi tries again by itself', (code) => {
    expect(all(code, { until: SOON }, locale, SOON)).toMatch(PROMISE[locale]);
  });

  test.each(CODES)('%s speaks to people, whatever the other side said', (code) => {
    for (const params of FACTS) {
      for (const nextRetryAt of [null, SOON]) {
        const said = all(code, params, locale, nextRetryAt);
        expect([params, said]).toEqual([params, expect.not.stringMatching(TECHNICAL)]);
        expect(said).not.toMatch(/undefined|null|\$\{|\(\)|\s\.|\s{2}/);
      }
    }
  });

  test.each(['UNLINKED', 'WRONG_NUMBER', 'PAIRING'] as const)(
    '%s names the device to remove and its number',
    (code) => {
      const device = {
        id: /Hapus Koneksi dari Perangkat tertaut di HP \+628111\b/,
        en: /Linked devices on \+628111\b/,
      };
      const params = { detail: PHONE_NOT_TOLD, number: '628111' };
      expect(reasonSentences(code, params, locale).action).toMatch(device[locale]);
      expect(reasonSentences(code, { ...params, ranOut: 'qr' }, locale).action).toMatch(device[locale]);
      expect(all(code, { number: '628111' }, locale)).not.toMatch(device[locale]);
    },
  );

  test('a phone that lists an older link is named in a warning, with what to remove there', () => {
    const fact = { code: 'PHONE_NOT_TOLD', level: 'warning', since: SOON, until: null, number: '628111' } as const;
    const { message, action } = warningSentences(fact, locale);
    expect(message).toContain('+628111');
    expect(action).toMatch(
      { id: /Hapus Koneksi dari Perangkat tertaut di HP \+628111\./, en: /on \+628111\./ }[locale],
    );
  });

  test('where the version is pinned it is named, and nobody is said to ask for a newer one', () => {
    const told = all('OUTDATED', { pinned: '2.3000.1' }, locale, SOON);
    expect(told).toMatch(/WA_VERSION 2\.3000\.1/);
    expect(told).not.toMatch(PROMISE[locale]);
  });

  test('a QR that ran out names the pinned version as what it may be', () => {
    const named = {
      id: /bisa karena .* atau .*WA_VERSION 2\.3000\.1\)\./,
      en: /may be, which .*WA_VERSION 2\.3000\.1\)\./,
    };
    for (const method of ['qr', 'pairing-code'] as const) {
      expect(all('QR_EXPIRED', { method, pinned: '2.3000.1' }, locale)).toMatch(named[locale]);
      expect(all('LOGGED_OUT', { ranOut: method, pinned: '2.3000.1' }, locale)).toMatch(named[locale]);
    }
  });

  test('a QR that ran out says how old the client is, where that may be why', () => {
    const dated = {
      id: /versi WhatsApp Web di Koneksi terlalu lama \(dari 27 Nov 2026/,
      en: /which is of 27 Nov 2026/,
    };
    for (const method of ['qr', 'pairing-code'] as const) {
      expect(all('QR_EXPIRED', { method, clientSince: SOON }, locale)).toMatch(dated[locale]);
      expect(all('QR_EXPIRED', { method }, locale)).not.toMatch(/2026/);
      expect(all('LOGGED_OUT', { ranOut: method, clientSince: SOON }, locale)).toMatch(dated[locale]);
    }
  });
});

test('what the other side said is kept for those who look after the system', () => {
  for (const detail of DETAILS) expect(technicalDetail({ detail })).toBe(detail);
  expect(technicalDetail({ detail: PHONE_NOT_TOLD })).toBeNull();
  expect(technicalDetail({})).toBeNull();
});
