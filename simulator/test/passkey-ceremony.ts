import { type BinaryNode, Curve, proto } from '@whiskeysockets/baileys';
import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Companion } from './companion.js';

const { CHROME } = proto.DeviceProps.PlatformType;
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';

interface Flaws {
  /** Shows another nonce than the one it was bound to. */
  nonce?: Buffer;
  /** Leaves out the proof that it knew the secret of its QR. */
  withoutProof?: boolean;
  /** Proves that it knew another one. */
  handoff?: Buffer;
}

/** The companion's side of linking by passkey, which rc14 lacks, after tulir/whatsmeow pair-passkey.go. */
export class PasskeyCeremony {
  private readonly ephemeral = Curve.generateKeyPair();
  private readonly nonce = randomBytes(32);
  private readonly handoff: Buffer;
  private readonly secret = randomBytes(32);
  private ref = '';

  constructor(
    private readonly companion: Companion,
    private readonly flaws: Flaws = {},
  ) {
    const { creds } = companion.credentials;
    const before = Buffer.from(creds.advSecretKey, 'base64');
    this.handoff = flaws.handoff ?? Buffer.from(hkdfSync('sha256', before, '', 'shortcake-passkey-handoff-v1', 32));
  }

  /** Hands the assertion in, and its commitment to the key it will use. */
  async prologue(assertion: string): Promise<void> {
    const answer = await this.query('get', 'ref');
    this.ref = bytesIn(answer, 'ref').toString('utf8');
    const identity = this.identity();
    const hash = createHash('sha256').update(identity).update(this.nonce).digest();
    const payload = proto.ProloguePayload.encode({
      companionEphemeralIdentity: identity,
      commitment: { hash },
    }).finish();
    const { rawId } = JSON.parse(assertion) as { rawId: string };
    await this.query('set', 'passkey_prologue', [
      node('credential_id', Buffer.from(rawId, 'base64url')),
      node('webauthn_assertion', Buffer.from(assertion)),
      node('prologue_payload', payload),
      ...(this.flaws.withoutProof
        ? []
        : [node('pairing_handoff_proof', createHmac('sha256', this.handoff).update(payload).digest())]),
    ]);
  }

  /** Shows its nonce, and returns the code to compare. */
  async open(continuation: BinaryNode): Promise<string> {
    const primary = primaryOf(continuation);
    await this.query('set', 'companion_nonce', this.flaws.nonce ?? this.nonce);
    const digest = createHash('sha256').update(this.nonce).update(primary.publicKey).digest();
    let bits = '';
    for (let at = 0; at < 5; at++)
      bits += ((primary.nonce.at(at) ?? 0) ^ digest.readUInt8(at)).toString(2).padStart(8, '0');
    const code = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
    return `${code.slice(0, 4)}-${code.slice(4)}`;
  }

  /** Says, under the key both now have, what it is to be linked as. */
  async confirm(continuation: BinaryNode): Promise<void> {
    const { creds } = this.companion.credentials;
    const shared = Curve.sharedKey(this.ephemeral.private, primaryOf(continuation).publicKey);
    const salt = `Companion Pairing ${CHROME} with ref ${this.ref}`;
    creds.advSecretKey = this.secret.toString('base64');
    const key = Buffer.from(hkdfSync('sha256', shared, salt, 'Pairing Information Encryption Key', 32));
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const request = proto.PairingRequest.encode({
      companionPublicKey: creds.noiseKey.public,
      companionIdentityKey: creds.signedIdentityKey.public,
      advSecret: this.secret,
    }).finish();
    const encryptedPayload = Buffer.concat([cipher.update(request), cipher.final(), cipher.getAuthTag()]);
    const sealed = proto.EncryptedPairingRequest.encode({ encryptedPayload, iv });
    await this.query('set', 'encrypted_pairing_request', sealed.finish());
  }

  private identity(): Uint8Array {
    const { public: publicKey } = this.ephemeral;
    const identity = { publicKey, deviceType: CHROME, ref: this.ref };
    return proto.CompanionEphemeralIdentity.encode(identity).finish();
  }

  private query(type: 'get' | 'set', tag: string, content?: BinaryNode['content']): Promise<BinaryNode> {
    const attrs = { to: '@s.whatsapp.net', type, xmlns: 'md' };
    return this.companion.socket.query({ tag: 'iq', attrs, content: [node(tag, content)] }) as Promise<BinaryNode>;
  }
}

/** The next notification of a kind. */
export function notification(companion: Companion, type: string): Promise<BinaryNode> {
  return new Promise((resolve) => companion.socket.ws.once(`CB:notification,type:${type}`, resolve));
}

export function bytesIn({ content }: BinaryNode, tag: string): Buffer {
  const child = Array.isArray(content) ? content.find((each) => each.tag === tag) : undefined;
  return Buffer.from((child?.content ?? '') as Uint8Array);
}

function primaryOf(continuation: BinaryNode): { publicKey: Uint8Array; nonce: Uint8Array } {
  const primary = proto.PrimaryEphemeralIdentity.decode(bytesIn(continuation, 'primary_ephemeral_identity'));
  return { publicKey: primary.publicKey ?? new Uint8Array(), nonce: primary.nonce ?? new Uint8Array() };
}

function node(tag: string, content?: BinaryNode['content']): BinaryNode {
  return { tag, attrs: {}, ...(content !== undefined && { content }) };
}
