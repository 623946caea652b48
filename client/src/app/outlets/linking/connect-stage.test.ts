import { describe, expect, it } from '@jest/globals';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import { anOutlet } from '../../../testing/an-outlet';
import { codeAgain, connectStage, stepStates, type ConnectStage } from './connect-stage';

const ASKED_AT = 5;
const NOW = Date.UTC(2026, 10, 27);
const at = (milliseconds: number) => new Date(NOW + milliseconds).toISOString();

it.each([
  ['PAIRING_CODE_LIMITED', at(90_000), 90_000],
  ['PAIRING_CODE_LIMITED', at(0), null],
  ['PAIRING_CODE_LIMITED', null, 'perhaps'],
  ['PAIRING_CODE_REFUSED', null, null],
  ['WHATSAPP_UNREACHABLE', null, null],
] as const)('%s until %s: a code may be asked for again in %p', (code, retryAt, again) => {
  expect(codeAgain({ code, retryAt }, NOW)).toBe(again);
});

describe('where linking stands', () => {
  it.each<[OutletStatusName, ReasonCode | undefined, number, ConnectStage]>([
    ['CONNECTING', 'PAIRING', 6, 'scan'],
    ['CONNECTING', 'PAIRING', 5, 'scan'],
    ['CONNECTING', 'LINKING', 7, 'linking'],
    ['CONNECTING', 'RECONNECTING', 6, 'retrying'],
    ['CONNECTING', undefined, 6, 'waiting'],
    ['TIMEOUT', 'WHATSAPP_UNREACHABLE', 6, 'retrying'],
    ['CONNECTED', undefined, 8, 'connected'],
    ['CONNECTED', undefined, 5, 'connected'],
    ['TIMEOUT', 'QR_EXPIRED', 9, 'failed'],
    ['FAILED', 'WRONG_NUMBER', 9, 'failed'],
    ['PAUSED', 'PAUSED_BY', 6, 'failed'],
  ])('%s %s at revision %i is %s', (live, reason, revision, stage) => {
    expect(connectStage(anOutlet('a', { live, reason, revision }), ASKED_AT)).toBe(stage);
  });

  it.each<[OutletStatusName, ReasonCode]>([
    ['FAILED', 'LOGGED_OUT'],
    ['TIMEOUT', 'QR_EXPIRED'],
    ['DISCONNECTED', 'NEVER_LINKED'],
  ])('does not blame an attempt for the %s %s it is meant to mend', (live, reason) => {
    expect(connectStage(anOutlet('a', { live, reason, revision: ASKED_AT }), ASKED_AT)).toBe('waiting');
  });
});

describe('the four steps', () => {
  it('are all done only once the outlet is connected', () => {
    expect(stepStates('scan')).toEqual(['current', 'current', 'todo', 'todo']);
    expect(stepStates('retrying')).toEqual(['current', 'todo', 'todo', 'todo']);
    expect(stepStates('linking')).toEqual(['done', 'done', 'current', 'todo']);
    expect(stepStates('connected')).toEqual(['done', 'done', 'done', 'done']);
  });
});
