import { REASON_STATUS, type OutletStatusName, type ReasonCode } from '@koneksi/contracts/outlet-status';
import { toRecord } from '../../src/wa-session/domain/session-record.js';
import { NOW, MINUTE, SECOND, base, linked, NO_AUTO, type Row } from './states.js';

const record = (status: OutletStatusName, reason: ReasonCode | null) => ({ ...toRecord(base), status, reason });

export const RESTARTS: Row[] = [
  {
    name: 'a linked outlet comes back',
    from: linked(base.phase),
    on: { type: 'restore', record: record('CONNECTED', null) },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'a crash while reconnecting comes back too',
    from: linked(base.phase),
    on: { type: 'restore', record: record('TIMEOUT', 'WHATSAPP_UNREACHABLE') },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'a crash between scan and login comes back',
    from: linked(base.phase),
    on: { type: 'restore', record: record('CONNECTING', 'PAIRING') },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'a paused outlet stays paused',
    from: linked(base.phase),
    on: {
      type: 'restore',
      record: { ...record('PAUSED', 'PAUSED_BY'), params: { by: 'Adi', at: new Date(NOW).toISOString() } },
    },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: ['close'],
  },
  {
    name: 'a blocked outlet stays blocked',
    from: linked(base.phase),
    on: { type: 'restore', record: record('FAILED', 'BLOCKED') },
    status: 'FAILED',
    reason: 'BLOCKED',
    effects: ['close'],
  },
  {
    name: 'without auto-reconnect it rests',
    from: linked(base.phase, NO_AUTO),
    on: { type: 'restore', record: record('CONNECTED', null) },
    status: 'DISCONNECTED',
    reason: 'AUTO_RECONNECT_OFF',
    effects: ['close'],
  },
  {
    name: 'an unlinked outlet waits for a person',
    from: base,
    on: { type: 'restore', record: record('DISCONNECTED', 'UNLINKED') },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['close'],
  },
  {
    name: 'a logout that a crash cut short is brought to its end',
    from: linked(base.phase),
    on: { type: 'restore', record: record('DISCONNECTED', 'UNLINKED') },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['open'],
  },
  {
    name: 'a paused outlet that is also deactivated stays paused',
    from: linked(base.phase, { outlet: { ...base.outlet, isActive: false } }),
    on: { type: 'restore', record: record('PAUSED', 'PAUSED_BY') },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: ['close'],
  },
  {
    name: 'an outlet whose credentials vanished was linked once',
    from: { ...base, everLinked: true },
    on: { type: 'restore', record: { ...record('CONNECTED', null), everLinked: true } },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['close'],
  },
  {
    name: 'a QR asked for a moment ago is shown again',
    from: base,
    on: { type: 'restore', record: { ...record('CONNECTING', 'PAIRING'), since: NOW - MINUTE } },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'a QR asked for long ago is not',
    from: base,
    on: { type: 'restore', record: { ...record('CONNECTING', 'PAIRING'), since: NOW - 11 * MINUTE } },
    status: 'DISCONNECTED',
    reason: 'NEVER_LINKED',
    effects: ['close'],
  },
  ...(['WHATSAPP_UNREACHABLE', 'STORE_DOWN', 'RECONNECTING', 'WAITING_TURN'] as const).flatMap((reason): Row[] => {
    const status = REASON_STATUS[reason];
    const promised = { ...record(status, reason), nextRetryAt: NOW + SECOND };
    const at = (since: number): Row['on'] => ({ type: 'restore', record: { ...promised, since } });
    return [
      {
        name: `a link that was asked for a moment ago is tried on after ${reason}`,
        from: base,
        on: at(NOW - 9 * MINUTE),
        status: reason === 'WAITING_TURN' ? 'CONNECTING' : status,
        reason: reason === 'WAITING_TURN' ? 'PAIRING' : reason,
        effects: ['open'],
      },
      {
        name: `one that was asked for long ago is not, after ${reason}`,
        from: base,
        on: at(NOW - 11 * MINUTE),
        status: 'DISCONNECTED',
        reason: 'NEVER_LINKED',
        effects: ['close'],
      },
      {
        name: `nor is an outlet linked whose credentials vanished in ${reason}`,
        from: { ...base, everLinked: true },
        on: at(NOW - MINUTE),
        status: 'DISCONNECTED',
        reason: 'UNLINKED',
        effects: ['close'],
      },
    ];
  }),
  {
    name: 'an outlet without a row was never linked',
    from: base,
    on: { type: 'restore', record: null },
    status: 'DISCONNECTED',
    reason: 'NEVER_LINKED',
    effects: ['close'],
  },
];
