import { NOW, NUMBER, SECOND, MINUTE, given, ONLINE, LOGGING_IN, PAIRING, type Row } from './states.js';

export const LINKS: Row[] = [
  {
    name: 'the first QR makes pre-keys ahead',
    from: given({ name: 'opening', purpose: 'link', method: 'qr', code: 'PAIRING', detail: null, openBy: NOW }),
    on: { type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 160 * SECOND, connection: 3 },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['stock-pre-keys'],
  },
  {
    name: 'for a code the code is asked for as soon as the registration is open',
    from: given({
      name: 'opening',
      purpose: 'link',
      method: 'pairing-code',
      code: 'PAIRING',
      detail: null,
      openBy: NOW,
    }),
    on: { type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 160 * SECOND, connection: 3 },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['request-code', 'stock-pre-keys'],
  },
  {
    name: 'a scan shows that linking is under way',
    from: PAIRING,
    on: { type: 'paired', link: 'new', number: NUMBER, name: null, connection: 3 },
    status: 'CONNECTING',
    reason: 'LINKING',
    effects: [],
  },
  {
    name: 'an open socket of the right number is connected',
    from: LOGGING_IN,
    on: { type: 'opened', number: NUMBER, name: 'Toko', connection: 3 },
    status: 'CONNECTED',
    reason: null,
    effects: [],
  },
  {
    name: 'another phone than the outlet’s is unlinked at once',
    from: LOGGING_IN,
    on: { type: 'opened', number: '628999999999', name: null, connection: 3 },
    status: 'FAILED',
    reason: 'WRONG_NUMBER',
    effects: ['quarantine', 'unlink', 'close'],
  },
  {
    name: 'what an older connection says is dropped',
    from: ONLINE,
    on: { type: 'closed', cause: { kind: 'logged-out' }, connection: 2 },
    status: 'CONNECTED',
    reason: null,
    effects: [],
  },
];
