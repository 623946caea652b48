import { expect, it } from '@jest/globals';
import { kindOf, type OutletKind } from './outlet-kind.ts';
import type { WarningCode } from './outlet-warnings.ts';
import { REASON_STATUS, type ReasonCode } from './outlet-status.ts';

type Judged = Parameters<typeof kindOf>[0];

function outlet(code: ReasonCode | null, wanted: { active?: boolean; auto?: boolean; seenAt?: string } = {}): Judged {
  const status = code ? REASON_STATUS[code] : 'CONNECTED';
  const isUp = code === null;
  const criteria = {
    databaseConnected: isUp,
    liveConnected: isUp,
    websocketOpen: isUp,
    userPresent: isUp,
    autoReconnect: wanted.auto ?? true,
  };
  return {
    healthy: Object.values(criteria).every(Boolean),
    outlet: { name: 'Toko', whatsappNumber: '6281', isActive: wanted.active ?? true, city: null, tags: [] },
    session: {
      status,
      sessionName: null,
      connectedAt: isUp ? '2026-11-27T00:00:00.000Z' : null,
      lastSeen: wanted.seenAt ?? null,
      qrCode: null,
      autoReconnect: criteria.autoReconnect,
      retryCount: 0,
    },
    liveStatus: { status, qrCode: null, name: null },
    reason: code && { code, params: {} },
    criteria,
    warnings: [],
  };
}

/** What is off line was seen, and is connected since nothing. */
const LINKED = { seenAt: '2026-11-27T00:00:00.000Z' };

it.each<[string, Judged, OutletKind]>([
  ['all is well', outlet(null), 'healthy'],
  ['the phone unlinked it', outlet('LOGGED_OUT', LINKED), 'problem'],
  ['WhatsApp is away', outlet('WHATSAPP_UNREACHABLE', LINKED), 'problem'],
  ['it connects again', outlet('RECONNECTING', LINKED), 'problem'],
  ['nobody ever linked it', outlet('NEVER_LINKED'), 'setup'],
  ['its code is on show', outlet('PAIRING'), 'setup'],
  ['its first code ran out', outlet('QR_EXPIRED'), 'setup'],
  ['a code ran out for one that was linked', outlet('QR_EXPIRED', LINKED), 'problem'],
  ['people unlinked it here', outlet('UNLINKED', LINKED), 'setup'],
  ['somebody paused it', outlet('PAUSED_BY', LINKED), 'paused'],
  ['it is deactivated, whatever it was before', outlet('LOGGED_OUT', { active: false }), 'paused'],
  ['it may not connect by itself, and dropped', outlet('AUTO_RECONNECT_OFF', { auto: false }), 'paused'],
  ['it is up but may not connect by itself', outlet(null, { auto: false }), 'paused'],
  ['it may not connect by itself, but something broke', outlet('LOGGED_OUT', { auto: false }), 'problem'],
])('%s', (_, status, kind) => {
  expect(kindOf(status, false)).toBe(kind);
});

it('is unstable only while it works: what is broken is a problem first', () => {
  expect(kindOf(outlet(null), true)).toBe('unstable');
  const since = '2026-11-27T00:00:00.000Z';
  const warned = (code: WarningCode, level: 'warning' | 'problem' = 'warning') => ({
    ...{ code, level, since },
    ...{ message: '', action: '', until: null },
  });
  expect(kindOf({ ...outlet(null), warnings: [warned('UNSTABLE')] }, false)).toBe('unstable');
  expect(kindOf({ ...outlet(null), warnings: [warned('CLIENT_OLD')] }, false)).toBe('healthy');
  expect(kindOf({ ...outlet(null), warnings: [warned('PHONE_NOT_SEEN', 'problem')] }, false)).toBe('problem');
  expect(kindOf(outlet('LOGGED_OUT', LINKED), true)).toBe('problem');
  expect(kindOf(outlet('PAUSED_BY', LINKED), true)).toBe('paused');
});
