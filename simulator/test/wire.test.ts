import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { proto } from '@whiskeysockets/baileys';
import libsignal from 'libsignal';
import { agreementKey, generateAgreementKey, generateKeyPair, signalKey } from '../src/crypto/curve.js';
import { isSignedBy, sign } from '../src/crypto/xeddsa.js';
import { junkFrames, seeded } from '../src/faults/junk.js';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { FrameReader, MalformedStream } from '../src/wire/frame-reader.js';
import { stanza } from '../src/wire/stanza.js';
import { Companions, freshCredentials, poll } from './companion.js';
import { frame, HEADER, RawClient } from './raw-client.js';

const { curve } = libsignal as unknown as {
  curve: {
    verifySignature(key: Buffer, message: Buffer, signature: Buffer): boolean;
    calculateSignature(key: Buffer, message: Buffer): Buffer;
  };
};
const companions = new Companions();
const raw: RawClient[] = [];
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator();
});

afterEach(async () => {
  for (const client of raw.splice(0)) client.stop();
  await companions.stop();
  await simulator.stop();
});

function client(): RawClient {
  const made = new RawClient(simulator.url);
  raw.push(made);
  return made;
}

/** A registration any server would take. */
function registration(): proto.IClientPayload {
  const identity = generateKeyPair();
  const signedPreKey = generateKeyPair();
  return {
    devicePairingData: {
      eRegid: Buffer.from([0, 0, 1, 2]),
      eKeytype: Buffer.of(5),
      eIdent: identity.public,
      eSkeyId: Buffer.from([0, 0, 1]),
      eSkeyVal: signedPreKey.public,
      eSkeySig: sign(identity.private, signalKey(signedPreKey.public)),
    },
  };
}

const stillAlive = () => companions.start(simulator, freshCredentials()).qr();

test('the certificate chain leads from the root to the Noise static key', async () => {
  const { certificates, serverStatic } = await client().handshake(generateAgreementKey(), registration());
  const { intermediate, leaf } = proto.CertChain.decode(certificates);
  const { Details } = proto.CertChain.NoiseCertificate;
  const [between, end] = [intermediate, leaf].map((certificate) =>
    Details.decode(certificate?.details ?? new Uint8Array()),
  );
  const verified = (key: Uint8Array, certificate: typeof leaf) =>
    curve.verifySignature(
      signalKey(key),
      Buffer.from(certificate?.details ?? []),
      Buffer.from(certificate?.signature ?? []),
    );
  expect(between?.issuerSerial).toBe(0);
  expect(end?.issuerSerial).toBe(between?.serial);
  expect(verified(Buffer.from(simulator.rootKey, 'hex'), intermediate)).toBe(true);
  expect(verified(between?.key ?? new Uint8Array(), leaf)).toBe(true);
  expect(Buffer.from(end?.key ?? []).equals(serverStatic)).toBe(true);
});

test('frames come in any pieces, after a routing preamble too', async () => {
  const preamble = Buffer.concat([Buffer.from('ED'), Buffer.from([0, 1, 0, 0, 5]), Buffer.from('route'), HEADER]);
  const bytewise = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte));
  const dribbling = await client().handshake(generateAgreementKey(), registration(), preamble, bytewise);
  await poll(() => dribbling.stanzas[0]?.tag === 'iq', 'pair-device');
});

test('reads frames whatever the message boundaries, and refuses streams that are none', () => {
  const reader = new FrameReader(100);
  reader.push(Buffer.concat([HEADER, frame(Buffer.from('one')), frame(Buffer.from('two')), Buffer.from([0, 0])]));
  expect(reader.next()?.toString()).toBe('one');
  expect(reader.next()?.toString()).toBe('two');
  expect(reader.next()).toBeUndefined();
  reader.push(Buffer.from([0]));
  expect(reader.next()?.length).toBe(0);
  reader.push(Buffer.from([0, 0, 101]));
  expect(() => reader.next()).toThrow(MalformedStream);
  const other = new FrameReader(100);
  other.push(Buffer.from('GET / HTTP/1.1'));
  expect(() => other.next()).toThrow(MalformedStream);
});

test('signs what libsignal accepts, and accepts what libsignal signs', () => {
  for (let round = 0; round < 5; round++) {
    const { public: publicKey, private: privateKey } = generateKeyPair();
    const message = randomBytes(round * 50 + 1);
    const ours = sign(privateKey, message);
    expect(curve.verifySignature(signalKey(publicKey), message, ours)).toBe(true);
    expect(isSignedBy(publicKey, message, curve.calculateSignature(privateKey, message))).toBe(true);
    expect(isSignedBy(publicKey, Buffer.concat([message, Buffer.of(0)]), ours)).toBe(false);
    expect(isSignedBy(generateKeyPair().public, message, ours)).toBe(false);
  }
});

test('a registration whose signed pre-key is not signed is not taken', async () => {
  const payload = registration();
  const forged = { ...payload, devicePairingData: { ...payload.devicePairingData, eSkeySig: randomBytes(64) } };
  const refused = await client().handshake(generateAgreementKey(), forged);
  await poll(() => refused.closeCode === 1002, 'the close');
});

test.each([
  ['no header', Buffer.from('GET /ws/chat')],
  ['a frame too long for a handshake', Buffer.concat([HEADER, Buffer.from([0xff, 0xff, 0xff])])],
  ['no protobuf', Buffer.concat([HEADER, frame(Buffer.alloc(40, 0xff))])],
  ['an empty hello', Buffer.concat([HEADER, frame(Buffer.alloc(0))])],
  [
    'a key of low order',
    Buffer.concat([
      HEADER,
      frame(proto.HandshakeMessage.encode({ clientHello: { ephemeral: Buffer.alloc(32) } }).finish()),
    ]),
  ],
])('%s closes that connection only', async (_what, bytes) => {
  const bad = await client().opened();
  bad.socket.send(bytes);
  await poll(() => bad.closeCode === 1002, 'the close');
  await stillAlive();
});

test('a thousand odd frames from clients end no more than their own connections', async () => {
  const random = seeded(11);
  for (let round = 0; round < 20; round++) {
    const odd = await client().handshake(generateAgreementKey(), registration());
    for (const { plain, spoil } of junkFrames('mixed', 50, round)) {
      if (spoil) odd.socket.send(frame(plain));
      else odd.sendPlain(random() < 0.2 ? randomBytes(20) : plain);
    }
    odd.socket.send(randomBytes(100));
  }
  await poll(() => raw.every(({ closeCode }) => closeCode !== undefined), 'all to be closed');
  expect(simulator.counters().malformed).toBe(20);
  await stillAlive();
});

test('a logged-in client may send any node there is', async () => {
  const companion = await companions.pair(simulator, '628111111111');
  const { creds } = companion.credentials;
  await companion.stop();
  const noise = { public: Buffer.from(creds.noiseKey.public), private: Buffer.from(creds.noiseKey.private) };
  const odd = await client().handshake(agreementKey(noise), {
    username: 628111111111,
    device: 1,
    passive: true,
    pull: true,
  });
  await poll(() => odd.stanzas[0]?.tag === 'success', 'success');
  odd.send(stanza('iq', { id: 'active', xmlns: 'passive', type: 'set' }, [stanza('active')]));
  await poll(
    () => odd.stanzas.some(({ content }) => Array.isArray(content) && content[0]?.tag === 'offline'),
    'the end of the offline mail',
  );
  const before = odd.stanzas.length;
  const xmlns = ['encrypt', 'usync', 'w:sync:app:state', 'privacy', 'w:m', 'w:g2', 'passive', 'md', 'unheard-of', ''];
  for (const name of xmlns)
    for (const type of ['get', 'set'])
      odd.send(stanza('iq', { id: `${name}${type}`, xmlns: name, type, to: '@s.whatsapp.net' }, [stanza('usync')]));
  await poll(() => odd.stanzas.length >= before + 2 * xmlns.length, 'the answers');
  expect(odd.stanzas.slice(before).every(({ tag }) => tag === 'iq')).toBe(true);
  odd.send(
    stanza('message', { id: 'g', to: '123-456@g.us', type: 'text' }, [
      stanza('enc', { v: '2', type: 'skmsg' }, Buffer.alloc(10)),
    ]),
  );
  odd.send(
    stanza('message', { id: 'b', to: '628222222222@s.whatsapp.net', type: 'text' }, [
      stanza('enc', { v: '2', type: 'pkmsg' }, Buffer.alloc(10)),
    ]),
  );
  await poll(() => odd.stanzas.filter(({ tag }) => tag === 'ack').length === 2, 'the acks');
  await poll(
    () => odd.stanzas.some(({ tag, attrs }) => tag === 'receipt' && attrs.type === 'retry' && attrs.id === 'b'),
    'the retry receipt',
  );
  for (const { plain, spoil } of junkFrames('random-node', 300, 5)) if (!spoil) odd.sendPlain(plain);
  odd.send(stanza('iq', { id: 'last', xmlns: 'w:p', type: 'get' }));
  await poll(
    () => odd.closeCode !== undefined || odd.stanzas.some(({ attrs }) => attrs.id === 'last'),
    'an answer or a close',
  );
  await stillAlive();
});

test('a host can tell its clients apart by what their URLs say', async () => {
  const queries: string[] = [];
  simulator.on('connection', ({ query }) => queries.push(query));
  for (const url of [simulator.url, `${simulator.url}?node=a`]) {
    const made = new RawClient(url);
    raw.push(made);
    await made.opened();
  }
  expect(queries).toEqual(['', 'node=a']);
});

test('sockets that talk no HTTP, and pages that are not there, disturb nobody', async () => {
  const { port } = new URL(simulator.url);
  const tcp = connect(Number(port), '127.0.0.1');
  tcp.on('error', () => undefined);
  tcp.write(randomBytes(200));
  await new Promise((resolve) => tcp.once('close', resolve));
  const lost = new RawClient(simulator.url.replace('/ws/chat', '/elsewhere'));
  await expect(lost.opened()).rejects.toThrow('404');
  await stillAlive();
});
