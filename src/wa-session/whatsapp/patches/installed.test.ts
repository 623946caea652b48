import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import curve from 'curve25519-js';
import {
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  generateSignalPubKey,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  type BinaryNode,
  type SignalKeyStore,
} from '@whiskeysockets/baileys';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import { freshCredentials } from '../../../../simulator/test/companion.js';
import { eventually } from '../../../../test/support/eventually.js';
import { PatchedLink, pinged } from '../../../../test/support/patched-link.js';
import { beginAtOnce } from '../../../../test/support/signal-parties.js';

/** That the patches work their own tests show; here, that a connection of ours has them. */

const terminal: Console = console;
const { info } = terminal;
const { verify } = curve;
const links: PatchedLink[] = [];
const printed: unknown[][] = [];
let simulator: Simulator;
/** How many signatures were reckoned in JavaScript. */
let reckoned = 0;

beforeAll(async () => {
  simulator = await startSimulator();
  terminal.info = (...parts: unknown[]) => void printed.push(parts);
  curve.verify = (...parts) => {
    reckoned++;
    return verify(...parts);
  };
});
afterEach(async () => {
  await Promise.all(links.splice(0).map(({ connection }) => connection.close()));
});
afterAll(async () => {
  terminal.info = info;
  curve.verify = verify;
  await simulator.stop();
});

function started(): PatchedLink {
  const link = new PatchedLink(simulator, freshCredentials());
  links.push(link);
  return link;
}

test('libsignal prints no session, reckons no good signature and leaves none changed that was tried in vain', async () => {
  started();
  terminal.info('Closing session:', { privKey: 'a private key' });
  expect(printed).toEqual([]);

  const { public: publicKey, private: privateKey } = Curve.generateKeyPair();
  const message = Buffer.from('a certificate');
  const signature = Curve.sign(Buffer.from(privateKey), message);
  reckoned = 0;
  Curve.verify(generateSignalPubKey(publicKey), message, signature);
  expect(reckoned).toBe(0);

  const { makeSignalRepository } = DEFAULT_CONNECTION_CONFIG;
  expect(await beginAtOnce(makeSignalRepository)).toEqual(['Promo!', 'Buka?', 'Halo?', 'Buka.']);
});

test('a frame that does not decrypt ends it', async () => {
  const link = started();
  await link.until('qr');
  link.socket.ws.emit('message', Buffer.concat([Buffer.of(0, 0, 20), Buffer.alloc(20, 1)]));
  await link.until('closed');
});

test('an upgrade that is refused ends it, with what WhatsApp answered', async () => {
  simulator.faults.refuseUpgrade(503);
  const link = started();
  const { cause } = await link.until('closed');
  simulator.faults.clear();
  expect(cause).toMatchObject({ kind: expect.stringMatching(/^(lost|unavailable)$/) });
});

test('whoever unlinks is told once WhatsApp has answered, not when it was asked', async () => {
  const phone = simulator.phone('628111777003');
  const link = await PatchedLink.open(simulator, phone.number);
  links.push(link);
  phone.faults.unansweredIqs({ xmlns: 'md' });
  let told: boolean | null = null;
  void link.connection.unlink().then((gone) => (told = gone));
  await pinged(link.socket);
  expect([told, phone.devices.length]).toEqual([null, 1]);
  phone.faults.clear();
});

test('a dead line is let go of at once, not when its closing handshake is given up', async () => {
  const phone = simulator.phone('628111777002');
  const link = await PatchedLink.open(simulator, phone.number);
  phone.faults.freeze('tcp');
  const from = performance.now();
  await link.connection.close();
  expect(performance.now() - from).toBeLessThan(15_000);
  phone.faults.clear();
});

test('rc14 is given more refs than WhatsApp sent, of which none is shown', async () => {
  const link = started();
  const refs = new Promise<number>((resolve) =>
    link.socket.ws.once('CB:iq,type:set,pair-device', (stanza: BinaryNode) =>
      // As rc14 looks for them, which remembers what anybody found before.
      resolve(getBinaryNodeChildren(getBinaryNodeChild(stanza, 'pair-device'), 'ref').length),
    ),
  );
  expect(await refs).toBeGreaterThanOrEqual(6 + 300 / 20);
});

test('a salt that the account takes anew is kept', async () => {
  const phone = simulator.phone('628111777001');
  const link = await PatchedLink.open(simulator, phone.number);
  links.push(link);
  const { keys } = (link.connection as unknown as { options: { auth: { keys: SignalKeyStore } } }).options.auth;
  const kept = async (): Promise<string> => {
    const { __nct_salt: salt } = await keys.get('tctoken', ['__nct_salt']);
    return Buffer.from(salt?.token ?? '').toString('hex');
  };
  phone.renewNctSalt();
  const salt = Buffer.from(phone.nctSalt).toString('hex');
  await eventually('the new salt', async () => (await kept()) === salt);
});
