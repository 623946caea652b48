import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { Companions, freshCredentials } from './companion.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${simulator.controlUrl}${path}`, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }));
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

test('a phone is made, scans, writes, reads, goes off and unlinks', async () => {
  expect(await call('POST', '/phones', { number: NUMBER, name: 'Shop', business: true })).toMatchObject({
    status: 200,
    body: { number: NUMBER, name: 'Shop', devices: [] },
  });
  const credentials = freshCredentials();
  const registering = companions.start(simulator, credentials);
  expect(await call('POST', `/phones/${NUMBER}/scan`, { qr: await registering.qr() })).toMatchObject({
    status: 200,
    body: { id: 1 },
  });
  await registering.closed();
  const companion = await companions.start(simulator, credentials).live();

  await call('POST', '/phones', { number: '628222222222' });
  expect((await call('POST', '/phones/628222222222/messages', { to: NUMBER, text: 'hi' })).body.id).toEqual(
    expect.any(String),
  );
  await companion.until(() => companion.texts.includes('hi'), 'the message');
  expect((await call('GET', `/phones/${NUMBER}/inbox`)).body).toMatchObject({
    inbox: [{ from: '628222222222', text: 'hi' }],
  });

  expect(await call('GET', '/state')).toMatchObject({
    status: 200,
    body: { rootKey: simulator.rootKey, counters: { logins: 1 } },
  });
  expect((await call('POST', `/phones/${NUMBER}/online`, { online: false })).body).toMatchObject({ online: false });
  expect(await call('POST', `/phones/${NUMBER}/messages`, { to: '628222222222', text: 'x' })).toMatchObject({
    status: 409,
    body: { code: 'PHONE_OFFLINE' },
  });
  expect(await call('POST', `/phones/${NUMBER}/unlink`)).toMatchObject({ status: 200, body: { devices: [] } });
  expect((await companion.closed()).code).toBe(401);
});

test('a code can be typed', async () => {
  await call('POST', '/phones', { number: '628333333333' });
  const registering = companions.start(simulator, freshCredentials());
  await registering.qr();
  const requested = new Promise((resolve) => simulator.on('code-requested', resolve));
  const code = await registering.socket.requestPairingCode('628333333333');
  await requested;
  expect(await call('POST', '/phones/628333333333/code', { code })).toMatchObject({ status: 200, body: { id: 1 } });
});

test('faults are injected, listed and cleared, for all and for one', async () => {
  expect(await call('POST', '/faults', { fault: 'refuseUpgrade', status: 503, times: 2 })).toMatchObject({
    status: 200,
    body: { active: [{ fault: 'refuseUpgrade', value: 503, left: 2 }] },
  });
  await call('POST', `/phones/628333333333/faults`, {
    fault: 'refuseLogin',
    reason: '402',
    attrs: { expire: '60' },
    times: 1,
  });
  expect((await call('GET', '/phones/628333333333/faults')).body).toEqual({
    active: [{ fault: 'refuseLogin', value: { reason: '402', attrs: { expire: '60' } }, left: 1 }],
  });
  expect(await call('DELETE', '/faults')).toMatchObject({ status: 200, body: { active: [] } });
  expect((await call('DELETE', '/phones/628333333333/faults')).body).toEqual({ active: [] });

  const registering = companions.start(simulator, freshCredentials());
  await registering.qr();
  expect((await call('POST', '/faults', { fault: 'end', ending: 'unavailable' })).body).toMatchObject({
    affected: expect.any(Number),
  });
  expect((await registering.closed()).code).toBe(503);
  for (const body of [
    { fault: 'endLogin', ending: 'replaced', times: 1 },
    { fault: 'endLogin', streamError: { code: '999', child: 'x' } },
    { fault: 'endLogin', failure: { reason: '499' } },
    { fault: 'endLogin', temporaryBan: { code: 104, expiresInSeconds: 60 } },
    { fault: 'refuseLogin', reason: '405', untilVersion: [2, 3000, 1] },
    { fault: 'stuckLogin', times: 1 },
    { fault: 'unansweredIqs', xmlns: 'encrypt' },
    { fault: 'freeze', kind: 'silent' },
    { fault: 'thaw' },
    { fault: 'ack', delayMs: 5, error: '463', drop: false },
    { fault: 'latency', ms: 1 },
    { fault: 'loseSession', times: 1 },
    { fault: 'junk', kind: 'mixed', count: 2, seed: 3 },
    { fault: 'silentHandshake', times: 1 },
    { fault: 'cutRegistration', times: 1 },
    { fault: 'refuseConnections', forMs: 1 },
  ]) {
    expect([body.fault, (await retried(() => call('POST', '/faults', body))).status]).toEqual([body.fault, 200]);
  }
  await retried(() => call('DELETE', '/faults'));
});

/** The port is closed for a moment after refuseConnections. */
async function retried(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      return await ask();
    } catch {
      await new Promise((resume) => setTimeout(resume, 5));
    }
  }
  return ask();
}

test.each<[string, string, unknown, number, string]>([
  ['POST', '/phones', '{', 400, 'BAD_JSON'],
  ['POST', '/phones', '[1]', 400, 'BAD_JSON'],
  ['POST', '/phones', { number: 'abc' }, 400, 'NUMBER_INVALID'],
  ['POST', '/phones', { number: 5 }, 400, 'BAD_FIELD'],
  ['POST', '/phones', { number: '628123123', platform: 'nokia' }, 400, 'BAD_FIELD'],
  ['POST', '/phones', { number: '628123123', receipts: 'always' }, 400, 'BAD_FIELD'],
  ['GET', '/phones/628000000000', undefined, 404, 'PHONE_UNKNOWN'],
  ['POST', '/phones/628222222222/scan', { qr: 'nonsense' }, 400, 'QR_MALFORMED'],
  ['POST', '/phones/628222222222/scan', {}, 400, 'BAD_FIELD'],
  ['POST', `/phones/${NUMBER}/scan`, { qr: 'nonsense' }, 409, 'PHONE_OFFLINE'],
  ['POST', `/phones/${NUMBER}/unlink`, { device: 9 }, 404, 'DEVICE_UNKNOWN'],
  ['POST', `/phones/${NUMBER}/dance`, {}, 404, 'PATH_UNKNOWN'],
  ['GET', '/elsewhere', undefined, 404, 'PATH_UNKNOWN'],
  ['GET', '/phones/%zz', undefined, 400, 'BAD_REQUEST'],
  ['PUT', '/faults', undefined, 405, 'METHOD_NOT_ALLOWED'],
  ['POST', '/faults', { fault: 'toString' }, 400, 'FAULT_UNKNOWN'],
  ['POST', '/faults', {}, 400, 'FAULT_UNKNOWN'],
  ['POST', '/faults', { fault: 'end', ending: 'gently' }, 400, 'FAULT_INVALID'],
  ['POST', '/faults', { fault: 'endLogin', temporaryBan: { code: 99 } }, 400, 'FAULT_INVALID'],
  ['POST', '/faults', { fault: 'latency' }, 400, 'FAULT_INVALID'],
  ['POST', '/faults', { fault: 'junk', kind: 'nice' }, 400, 'FAULT_INVALID'],
  ['POST', '/faults', { fault: 'stuckLogin', times: 'x' }, 400, 'FAULT_INVALID'],
  ['POST', '/faults', { fault: 'refuseConnections' }, 400, 'FAULT_INVALID'],
  ['POST', `/phones/${NUMBER}/faults`, { fault: 'refuseUpgrade', status: 503 }, 400, 'FAULT_INVALID'],
])('%s %s %j is refused with %i %s and a sentence', async (method, path, body, status, code) => {
  expect(await call(method, path, body)).toEqual({ status, body: { code, message: expect.stringMatching(/\.$/) } });
});

test('a body that does not end is refused', async () => {
  expect(await call('POST', '/phones', 'x'.repeat(300_000))).toMatchObject({
    status: 413,
    body: { code: 'BODY_TOO_LARGE' },
  });
});

test('web pages are kept out, also under a name of their own', async () => {
  expect(await call('GET', '/state', undefined, { origin: 'https://evil.example' })).toMatchObject({
    status: 403,
    body: { code: 'ORIGIN_REFUSED' },
  });
  expect(await call('GET', '/state', undefined, { host: 'evil.example' })).toMatchObject({
    status: 403,
    body: { code: 'HOST_REFUSED' },
  });
  expect(await call('GET', '/state', undefined, { host: 'evil.example', origin: 'http://evil.example' })).toMatchObject(
    { status: 403 },
  );
});

test('it can be left out', async () => {
  const quiet = await startSimulator({ control: false });
  expect((await fetch(`${quiet.controlUrl}/state`)).status).toBe(404);
  await quiet.stop();
});
