import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import type { Passkey } from '../accounts/passkey.js';
import { type AgreementKey, generateAgreementKey } from '../crypto/curve.js';
import { SimulatorError } from '../simulator-error.js';
import { bytesOf, child, requiredBytes, seconds, SERVICE, type Stanza, stanza, textOf } from '../wire/stanza.js';
import type { Connection } from './connection.js';
import { IqError } from './iq/iq.js';
import {
  confirmationCode,
  keepsCommitment,
  openPairingRequest,
  type Prologue,
  provesHandoff,
  readPrologue,
} from './passkey-crypto.js';
import type { ServiceContext } from './service-context.js';

/** How long the companion may take for all of it (tulir/whatsmeow pair-passkey.go). */
const CEREMONY_MS = 300_000;

/** Who is being linked. */
export interface PasskeyClient {
  connection: Connection;
  noise: Buffer;
  identity: Buffer;
}

interface Ceremony {
  client: PasskeyClient;
  account: Account;
  passkey: Passkey;
  /** Of the QR or code that was used first. */
  advSecret: Buffer;
  challenge: Buffer;
  ref: string;
  expiresAt: number;
  ephemeral: AgreementKey;
  nonce: Buffer;
  prologue?: Prologue;
  /** The companion has shown the nonce it was bound to. */
  isOpened: boolean;
  resolve: (advSecret: Buffer) => void;
  reject: (error: SimulatorError) => void;
}

/**
 * Some accounts are linked only with a passkey: after the scan the companion is asked for a WebAuthn assertion, then both
 * agree on a key over the phone, with a code to compare, and the companion hands in under it what it is linked as
 * (tulir/whatsmeow pair-passkey.go; WhiskeySockets/Baileys#2672, #2689, #2694).
 */
export class PasskeyPairings {
  private readonly ceremonies = new Map<Connection, Ceremony>();

  constructor(private readonly context: ServiceContext) {
    context.clock.watch(() => this.expire());
  }

  /** Asks for the passkey. Resolves with the companion's new ADV secret; rejects with PASSKEY_EXPIRED or DEVICE_REFUSED. */
  async demand(client: PasskeyClient, account: Account, passkey: Passkey, advSecret: Buffer): Promise<Buffer> {
    const { connection } = client;
    const late = setTimeout(() => this.expire(), CEREMONY_MS + 1);
    late.unref();
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        this.ceremonies.set(connection, {
          client,
          account,
          passkey,
          advSecret,
          challenge: randomBytes(32),
          ref: `2@${randomBytes(60).toString('base64')}`,
          expiresAt: this.context.clock.now() + CEREMONY_MS,
          ephemeral: generateAgreementKey(),
          nonce: randomBytes(32),
          isOpened: false,
          resolve,
          reject,
        });
        if (!connection.isOpen) reject(new SimulatorError('DEVICE_REFUSED', 'The companion disconnected.'));
        this.notify(connection, 'passkey_prologue_request', this.options(connection));
      });
    } finally {
      clearTimeout(late);
      this.ceremonies.delete(connection);
    }
  }

  /** Answers the companion's iqs about it; undefined for others. Throws IqError. */
  answer(connection: Connection, request: Stanza): { content?: Stanza; after?: () => void } | undefined {
    if (child(request, 'ref')) return { content: stanza('ref', {}, Buffer.from(this.of(connection).ref)) };
    if (child(request, 'passkey_request_options')) return { content: this.options(connection) };
    const prologue = child(request, 'passkey_prologue');
    if (prologue) return this.takePrologue(connection, prologue);
    const nonce = bytesOf(child(request, 'companion_nonce'));
    if (nonce) return this.takeNonce(connection, nonce);
    const sealed = bytesOf(child(request, 'encrypted_pairing_request'));
    return sealed && this.takeRequest(connection, sealed);
  }

  close(connection: Connection): void {
    this.ceremonies
      .get(connection)
      ?.reject(new SimulatorError('DEVICE_REFUSED', 'The companion disconnected before its passkey was used.'));
  }

  private takePrologue(connection: Connection, node: Stanza): { after: () => void } {
    const ceremony = this.of(connection);
    const payload = requiredBytes(node, 'prologue_payload');
    const assertion = textOf(child(node, 'webauthn_assertion')) ?? '';
    if (!ceremony.passkey.proves(assertion, requiredBytes(node, 'credential_id'), ceremony.challenge))
      throw new IqError('401', 'not-authorized');
    const prologue = readPrologue(payload);
    if (prologue?.ref !== ceremony.ref) throw new IqError('400', 'bad-request');
    if (!provesHandoff(bytesOf(child(node, 'pairing_handoff_proof')), ceremony.advSecret, payload))
      throw new IqError('400', 'bad-request');
    ceremony.prologue = prologue;
    const { ephemeral, nonce } = ceremony;
    const identity = proto.PrimaryEphemeralIdentity.encode({ publicKey: ephemeral.public, nonce }).finish();
    const after = () =>
      this.notify(connection, 'crsc_continuation', stanza('primary_ephemeral_identity', {}, Buffer.from(identity)));
    return { after };
  }

  private takeNonce(connection: Connection, companionNonce: Buffer): object {
    const ceremony = this.of(connection);
    const { prologue, ephemeral, nonce, account } = ceremony;
    if (!prologue || !keepsCommitment(prologue, companionNonce)) throw new IqError('400', 'bad-request');
    ceremony.isOpened = true;
    const code = confirmationCode(companionNonce, ephemeral.public, nonce);
    this.context.events.emit('passkey-code', { number: account.number, code });
    return {};
  }

  private takeRequest(connection: Connection, sealed: Buffer): { after: () => void } {
    const { prologue, isOpened, ephemeral, client, resolve } = this.of(connection);
    if (!prologue || !isOpened) throw new IqError('400', 'bad-request');
    const { noise, identity, advSecret } = opened(sealed, ephemeral, prologue);
    if (!noise.equals(client.noise) || !identity.equals(client.identity) || advSecret.length !== 32)
      throw new IqError('400', 'bad-request');
    return { after: () => resolve(advSecret) };
  }

  private options(connection: Connection): Stanza {
    const { passkey, challenge } = this.of(connection);
    return stanza('passkey_request_options', {}, Buffer.from(passkey.requestOptions(challenge, CEREMONY_MS)));
  }

  private notify(connection: Connection, type: string, content: Stanza): void {
    const attrs = { from: SERVICE, type, id: this.context.nextId(), t: seconds(this.context.clock.now()) };
    connection.send(stanza('notification', attrs, [content]));
  }

  private of(connection: Connection): Ceremony {
    const ceremony = this.ceremonies.get(connection);
    if (!ceremony) throw new IqError('404', 'item-not-found');
    return ceremony;
  }

  private expire(): void {
    const now = this.context.clock.now();
    for (const { expiresAt, reject } of this.ceremonies.values())
      if (now > expiresAt) reject(new SimulatorError('PASSKEY_EXPIRED', 'The passkey was not used within 5 minutes.'));
  }
}

function opened(sealed: Buffer, ephemeral: AgreementKey, prologue: Prologue) {
  try {
    return openPairingRequest(sealed, ephemeral, prologue);
  } catch {
    // sealed under another key
    throw new IqError('400', 'bad-request');
  }
}
