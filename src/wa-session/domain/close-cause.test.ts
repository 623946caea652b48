import { expect, test } from '@jest/globals';
import { classifyEnding, type CloseCause } from './close-cause.js';

const stream = (statusCode: number) => ({ statusCode, message: 'Stream Errored (x)', attrs: {} });
const failure = (statusCode: number, attrs: Record<string, string> = {}) => ({
  statusCode,
  message: 'Connection Failure',
  attrs,
});
const socket = (message: string, statusCode = 408) => ({ statusCode, message, attrs: {} });

test.each<[string, Parameters<typeof classifyEnding>[0], CloseCause]>([
  ['515', stream(515), { kind: 'restart' }],
  ['440', stream(440), { kind: 'replaced' }],
  ['401 by stream error', stream(401), { kind: 'logged-out' }],
  ['401 by failure', failure(401), { kind: 'logged-out' }],
  ['402 with its end', failure(402, { expire: '3600' }), { kind: 'restricted', seconds: 3600, detail: null }],
  ['402 without', failure(402), { kind: 'restricted', seconds: null, detail: null }],
  ['402 with nonsense', failure(402, { expire: 'soon' }), { kind: 'restricted', seconds: null, detail: null }],
  [
    '402 with its cause',
    failure(402, { code: '104', expire: '60' }),
    { kind: 'restricted', seconds: 60, detail: '104' },
  ],
  [
    '402 with a cause that is no code',
    failure(402, { code: '<b>spam</b>' }),
    { kind: 'restricted', seconds: null, detail: null },
  ],
  ['403', failure(403), { kind: 'blocked', detail: '403' }],
  ['403 by stream error', stream(403), { kind: 'blocked', detail: '403' }],
  ['406', failure(406), { kind: 'banned', detail: '406' }],
  ['405', failure(405), { kind: 'outdated' }],
  ...['409', '413', '414', '415'].map((detail): [string, ReturnType<typeof failure>, CloseCause] => [
    detail,
    failure(Number(detail)),
    { kind: 'misconfigured', detail },
  ]),
  ['418, which nobody knows', failure(418), { kind: 'lost', detail: '418' }],
  ['411', socket('Multi-device beta not joined', 411), { kind: 'misconfigured', detail: '411' }],
  ['500, which is every unknown stream error', stream(500), { kind: 'lost', detail: '500' }],
  ['503', failure(503), { kind: 'unavailable', detail: '503' }],
  ['a reason that is no number', failure(NaN), { kind: 'lost', detail: 'unreadable' }],
  ['QR codes used up', socket('QR refs attempts ended'), { kind: 'refs-ended' }],
  ['the network, with the same 408', socket('Connection was lost'), { kind: 'lost', detail: '408' }],
  [
    'a refused connection, told without its address',
    socket('WebSocket Error (connect ECONNREFUSED 10.0.0.7:443)'),
    { kind: 'lost', detail: 'ECONNREFUSED' },
  ],
  [
    'somebody else’s certificate',
    socket('WebSocket Error (self-signed certificate)', 500),
    { kind: 'lost', detail: 'TLS certificate' },
  ],
  [
    'an HTTP 401 at the upgrade is no logout',
    socket('HTTP 401 at the upgrade', 401),
    { kind: 'lost', detail: 'HTTP 401' },
  ],
  [
    'an HTTP 403 at the upgrade is no ban',
    socket('HTTP 403 at the upgrade', 403),
    { kind: 'lost', detail: 'HTTP 403' },
  ],
  ['Baileys’ own 401 without a stream is none', socket('Cannot proceed', 401), { kind: 'lost', detail: '401' }],
])('%s', (_, ending, cause) => {
  expect(classifyEnding(ending)).toEqual(cause);
});
