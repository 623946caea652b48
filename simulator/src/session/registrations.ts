import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import { Device, type DeviceKeys, type DeviceProps } from '../accounts/device.js';
import { signalKey } from '../crypto/curve.js';
import { isSignedBy } from '../crypto/xeddsa.js';
import { SimulatorError } from '../simulator-error.js';
import { bytesOf, child, MalformedStanza, seconds, SERVICE, type Stanza, stanza } from '../wire/stanza.js';
import { isOlder, versionOf } from './client-version.js';
import { type CodeOptions, CodePairings } from './code-pairings.js';
import type { ClientHello, Connection } from './connection.js';
import { isCountersigned, signDeviceIdentity } from './device-identity.js';
import { errorChild, IqError } from './iq/iq.js';
import { PasskeyPairings } from './passkey-pairings.js';
import { parseQr } from './qr.js';
import { type ServiceContext, takeFault } from './service-context.js';

export interface RegistrationOptions extends CodeOptions {
  /** Refs handed to a registering client. */
  qrRefs: number;
  /** How long the first ref can be scanned, in milliseconds; Baileys shows it that long. */
  firstQrMs: number;
  /** How much longer each further ref can. */
  nextQrMs: number;
  /** Companions one phone may have at a time; WhatsApp has four (faq.whatsapp.com/378279804439436). */
  maxDevices: number;
}

/** A client on its way to becoming a companion. */
interface Registration {
  connection: Connection;
  keys: DeviceKeys;
  props: DeviceProps;
  version: readonly number[];
  refs: string[];
  shownSince: number;
  /** The `pair-success` under way. */
  pairing?: { id: string; countersign(reply: Stanza): void; fail(error: SimulatorError): void };
}

const COUNTERSIGN_MS = 20_000;

/** Everything from a client's first connection to its being told to come back as a companion (515). */
export class Registrations {
  private readonly byConnection = new Map<Connection, Registration>();
  private readonly byRef = new Map<string, Registration>();
  private readonly codes: CodePairings;
  private readonly passkeys: PasskeyPairings;

  constructor(
    private readonly context: ServiceContext,
    private readonly options: RegistrationOptions,
    private readonly linked: (account: Account, device: Device) => void,
  ) {
    this.codes = new CodePairings(context, options);
    this.passkeys = new PasskeyPairings(context);
  }

  /** Takes the client's keys down and gives it refs to show. Throws MalformedStanza on impossible keys. */
  open(connection: Connection, { staticKey, payload }: ClientHello): void {
    const keys = registeredKeys(staticKey, payload.devicePairingData);
    const refs = Array.from({ length: this.options.qrRefs }, () => `2@${randomBytes(60).toString('base64')}`);
    const version = versionOf(payload);
    const props = propsOf(payload.devicePairingData);
    const registration: Registration = { connection, keys, props, version, refs, shownSince: this.context.clock.now() };
    this.byConnection.set(connection, registration);
    for (const ref of refs) this.byRef.set(ref, registration);
    connection.phase = 'registering';
    this.context.counters.add('registrations');
    const offer = refs.map((ref) => stanza('ref', {}, Buffer.from(ref)));
    connection.send(
      stanza('iq', { from: SERVICE, type: 'set', id: this.context.nextId(), xmlns: 'md' }, [
        stanza('pair-device', {}, offer),
      ]),
    );
    this.context.events.emit('registering', { connection: connection.id });
    if (takeFault(this.context.faultsFor(undefined), (rules) => rules.registrationCuts)) connection.end('drop');
  }

  /** The client has gone; whoever was pairing with it learns so. */
  close(connection: Connection): void {
    const registration = this.byConnection.get(connection);
    if (!registration) return;
    this.byConnection.delete(connection);
    for (const ref of registration.refs) this.byRef.delete(ref);
    this.codes.close(connection);
    this.passkeys.close(connection);
    const gone = new SimulatorError('DEVICE_REFUSED', 'The companion disconnected before it confirmed the pairing.');
    registration.pairing?.fail(gone);
  }

  /** A stanza of a client that is not paired yet. */
  received(connection: Connection, node: Stanza): void {
    const registration = this.byConnection.get(connection);
    if (!registration || node.tag !== 'iq') return;
    const { id, type } = node.attrs;
    if (type === 'result') {
      if (registration.pairing?.id === id) registration.pairing?.countersign(node);
      return;
    }
    if (type === 'error') {
      if (registration.pairing?.id === id)
        registration.pairing?.fail(new SimulatorError('DEVICE_REFUSED', 'The companion refused the pairing.'));
      return;
    }
    const code = child(node, 'link_code_companion_reg');
    if (code) this.codes.received({ connection, identity: registration.keys.identity }, node, code);
    else this.answerPasskey(connection, node);
  }

  /** The phone scans a QR. Rejects with QR_MALFORMED, QR_EXPIRED, QR_MISMATCH, TOO_MANY_DEVICES, LINKING_REFUSED or DEVICE_REFUSED. */
  async scan(account: Account, text: string): Promise<Device> {
    const qr = parseQr(text);
    const registration = this.byRef.get(qr.ref);
    if (!registration || this.isRotatedAway(registration, qr.ref))
      throw new SimulatorError('QR_EXPIRED', 'No client shows this QR code any more.');
    const { keys } = registration;
    if (!keys.noise.equals(qr.noise) || !keys.identity.equals(qr.identity))
      throw new SimulatorError('QR_MISMATCH', 'The keys in this QR code are not those of the client that shows it.');
    return this.admit(registration, account, qr.advSecret);
  }

  /** Somebody types the code a companion shows. Rejects with CODE_NOT_EXPECTED, CODE_EXPIRED, CODE_WRONG, TOO_MANY_DEVICES or DEVICE_REFUSED. */
  async enterCode(account: Account, code: string): Promise<Device> {
    const { connection, advSecret } = await this.codes.enter(account, code);
    const registration = this.byConnection.get(connection);
    if (!registration) throw new SimulatorError('DEVICE_REFUSED', 'The companion disconnected.');
    return this.admit(registration, account, advSecret);
  }

  /** The phone has read what the companion shows: whether that is enough. */
  private async admit(registration: Registration, account: Account, advSecret: Buffer): Promise<Device> {
    this.mustBeAllowed(registration, account);
    const { passkey } = account;
    if (!passkey) return this.pair(registration, account, advSecret);
    this.mustHaveRoom(account);
    const { connection, keys } = registration;
    const client = { connection, noise: keys.noise, identity: keys.identity };
    return this.pair(registration, account, await this.passkeys.demand(client, account, passkey, advSecret));
  }

  private answerPasskey(connection: Connection, request: Stanza): void {
    try {
      const reply = this.passkeys.answer(connection, request);
      connection.send(answer(request, 'result', reply?.content));
      reply?.after?.();
    } catch (error) {
      if (!(error instanceof IqError)) throw error;
      connection.send(answer(request, 'error', errorChild(error)));
    }
  }

  private mustHaveRoom({ devices }: Account): void {
    if (devices.size >= this.options.maxDevices)
      throw new SimulatorError(
        'TOO_MANY_DEVICES',
        `The phone has ${devices.size} linked devices already; unlink one first.`,
      );
  }

  private mustBeAllowed({ version }: Registration, account: Account): void {
    const refusal = takeFault(
      this.context.faultsFor(account),
      (rules) => rules.linkRefusals,
      ({ untilVersion }) => untilVersion === undefined || isOlder(version, untilVersion),
    );
    if (refusal) throw new SimulatorError('LINKING_REFUSED', 'The phone says: couldn’t link device, try again later.');
  }

  private async pair(registration: Registration, account: Account, advSecret: Buffer): Promise<Device> {
    const { connection, keys, props } = registration;
    if (registration.pairing) throw new SimulatorError('DEVICE_REFUSED', 'The companion is being paired already.');
    this.mustHaveRoom(account);
    const deviceId = account.takeDeviceId();
    if (deviceId === undefined) throw new SimulatorError('TOO_MANY_DEVICES', 'The account has no device id left.');
    const keyIndex = account.takeKeyIndex();
    const { identity } = account.keys;
    const signed = signDeviceIdentity(identity, keys.identity, advSecret, keyIndex, this.context.clock.now());
    const id = this.context.nextId();

    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () =>
          registration.pairing?.fail(
            new SimulatorError('DEVICE_REFUSED', 'The companion did not confirm the pairing.'),
          ),
        COUNTERSIGN_MS,
      );
      late.unref();
      const settle = (act: () => void) => {
        clearTimeout(late);
        delete registration.pairing;
        act();
      };
      registration.pairing = {
        id,
        fail: (error) => settle(() => reject(error)),
        countersign: (reply) => {
          const bytes = bytesOf(child(child(reply, 'pair-device-sign'), 'device-identity'));
          if (bytes && isCountersigned(bytes, signed.details, keys.identity, identity.public)) settle(resolve);
          else
            settle(() =>
              reject(
                new SimulatorError('DEVICE_REFUSED', 'The companion answered with a signature that does not verify.'),
              ),
            );
        },
      };
      connection.send(this.pairSuccess(account, deviceId, id, signed.envelope));
      if (!connection.isOpen)
        registration.pairing.fail(new SimulatorError('DEVICE_REFUSED', 'The companion disconnected.'));
    }).catch((error: unknown) => {
      connection.close();
      throw error;
    });

    const device = new Device(deviceId, keyIndex, keys, this.context.clock.now(), props);
    account.link(device);
    this.context.counters.add('pairings');
    this.context.changed(account);
    this.context.events.emit('paired', { number: account.number, device: deviceId });
    connection.end('restart');
    this.linked(account, device);
    return device;
  }

  private pairSuccess(account: Account, deviceId: number, id: string, envelope: Buffer): Stanza {
    const { profile } = account;
    const content = [
      stanza('device-identity', {}, envelope),
      stanza('device', { jid: account.deviceJid(deviceId), lid: account.deviceLidJid(deviceId) }),
      stanza('platform', { name: profile.platform }),
    ];
    // Only businesses get their name here; everybody else's comes later, by app state.
    if (profile.business) content.push(stanza('biz', { name: profile.name }));
    return stanza('iq', { from: SERVICE, type: 'set', id, xmlns: 'md', t: seconds(this.context.clock.now()) }, [
      stanza('pair-success', {}, content),
    ]);
  }

  /** The client shows the refs one after another; one can be scanned until its turn is over. */
  private isRotatedAway({ refs, shownSince }: Registration, ref: string): boolean {
    const { firstQrMs, nextQrMs } = this.options;
    return this.context.clock.now() > shownSince + firstQrMs + nextQrMs * refs.indexOf(ref);
  }
}

function answer(request: Stanza, type: 'result' | 'error', content?: Stanza): Stanza {
  return stanza('iq', { from: SERVICE, type, id: request.attrs.id }, content && [content]);
}

type PairingData = NonNullable<ClientHello['payload']['devicePairingData']>;

/** Throws MalformedStanza on what is no protobuf. */
function propsOf(data: PairingData | null | undefined): DeviceProps {
  try {
    const { os, platformType } = proto.DeviceProps.decode(data?.deviceProps ?? new Uint8Array());
    return { name: os ?? '', platform: proto.DeviceProps.PlatformType[platformType ?? 0] ?? 'UNKNOWN' };
  } catch {
    throw new MalformedStanza('a registration whose device says nothing of itself');
  }
}

function registeredKeys(noise: Buffer, data: PairingData | null | undefined): DeviceKeys {
  const bytes = (value: Uint8Array | null | undefined, length: number): Buffer => {
    if (value?.length !== length) throw new MalformedStanza('a registration with a key of the wrong length');
    return Buffer.from(value);
  };
  const identity = bytes(data?.eIdent, 32);
  const signedPublic = bytes(data?.eSkeyVal, 32);
  const signature = bytes(data?.eSkeySig, 64);
  if (!isSignedBy(identity, signalKey(signedPublic), signature))
    throw new MalformedStanza('a signed pre-key its identity did not sign');
  return {
    noise,
    identity,
    registrationId: bytes(data?.eRegid, 4).readUInt32BE(),
    signedPreKey: { id: bytes(data?.eSkeyId, 3).readUIntBE(0, 3), public: signedPublic, signature },
  };
}
