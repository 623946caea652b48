import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { WebSocket } from 'ws';
import { agree, type AgreementKey, generateAgreementKey } from '../src/crypto/curve.js';
import { decodeStanza, encodeStanza, type Stanza } from '../src/wire/stanza.js';

export const HEADER = Buffer.from([0x57, 0x41, 6, 3]);
const NO_BYTES = Buffer.alloc(0);

export function frame(payload: Uint8Array): Buffer {
  const length = Buffer.alloc(3);
  length.writeUIntBE(payload.length, 0, 3);
  return Buffer.concat([length, payload]);
}

/** The client's half of the handshake, written from the protocol and not from the server, to send what Baileys never would. */
export class RawClient {
  readonly socket: WebSocket;
  readonly stanzas: Stanza[] = [];
  certificates: Buffer = NO_BYTES;
  serverStatic: Buffer = NO_BYTES;
  closeCode: number | undefined;
  private readonly ephemeral = generateAgreementKey();
  private hash: Buffer = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
  private salt: Buffer = this.hash;
  private key: Buffer = this.hash;
  private counter = 0;
  private writeKey: Buffer = NO_BYTES;
  private readKey: Buffer = NO_BYTES;
  private writes = 0;
  private reads = 0;
  private input: Buffer = NO_BYTES;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => (this.closeCode = code));
    this.socket.on('message', (data) => {
      this.input = Buffer.concat([this.input, data as Buffer]);
      if (this.readKey.length > 0) this.drain();
    });
  }

  async opened(): Promise<this> {
    if (this.socket.readyState !== WebSocket.OPEN)
      await new Promise((resolve, reject) => this.socket.once('open', resolve).once('error', reject));
    return this;
  }

  /** `split` decides how the bytes are cut into websocket messages. */
  async handshake(
    identity: AgreementKey,
    payload: proto.IClientPayload,
    preamble = HEADER,
    split = (bytes: Buffer): Buffer[] => [bytes],
  ): Promise<this> {
    await this.opened();
    this.mixHash(HEADER);
    this.mixHash(this.ephemeral.public);
    const hello = proto.HandshakeMessage.encode({ clientHello: { ephemeral: this.ephemeral.public } }).finish();
    for (const part of split(Buffer.concat([preamble, frame(hello)]))) this.socket.send(part);
    while (this.input.length < 3 || this.input.length < 3 + this.input.readUIntBE(0, 3)) {
      if (this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode}`);
      await new Promise((resume) => setTimeout(resume, 2));
    }
    const length = this.input.readUIntBE(0, 3);
    const { serverHello } = proto.HandshakeMessage.decode(this.input.subarray(3, 3 + length));
    this.input = this.input.subarray(3 + length);
    const serverEphemeral = Buffer.from(serverHello?.ephemeral ?? []);
    this.mixHash(serverEphemeral);
    this.mixKey(agree(this.ephemeral, serverEphemeral));
    this.serverStatic = this.open(Buffer.from(serverHello?.static ?? []));
    this.mixKey(agree(this.ephemeral, this.serverStatic));
    this.certificates = this.open(Buffer.from(serverHello?.payload ?? []));
    const sealedStatic = this.seal(identity.public);
    this.mixKey(agree(identity, serverEphemeral));
    const sealedPayload = this.seal(proto.ClientPayload.encode(payload).finish());
    const finish = frame(
      proto.HandshakeMessage.encode({ clientFinish: { static: sealedStatic, payload: sealedPayload } }).finish(),
    );
    for (const part of split(finish)) this.socket.send(part);
    const keys = Buffer.from(hkdfSync('sha256', NO_BYTES, this.salt, '', 64));
    this.writeKey = keys.subarray(0, 32);
    this.readKey = keys.subarray(32);
    this.drain();
    return this;
  }

  send(stanza: Stanza): void {
    this.sendPlain(encodeStanza(stanza));
  }

  /** Encrypted, but whatever it is. */
  sendPlain(plain: Uint8Array): void {
    this.socket.send(frame(crypt(createCipheriv('aes-256-gcm', this.writeKey, iv(this.writes++)), plain)));
  }

  stop(): void {
    this.socket.terminate();
  }

  private drain(): void {
    while (this.input.length >= 3 && this.input.length >= 3 + this.input.readUIntBE(0, 3)) {
      const length = this.input.readUIntBE(0, 3);
      const sealed = this.input.subarray(3, 3 + length);
      this.input = this.input.subarray(3 + length);
      const decipher = createDecipheriv('aes-256-gcm', this.readKey, iv(this.reads++));
      decipher.setAuthTag(sealed.subarray(-16));
      this.stanzas.push(decodeStanza(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])));
    }
  }

  private mixHash(bytes: Uint8Array): void {
    this.hash = createHash('sha256').update(this.hash).update(bytes).digest();
  }

  private mixKey(secret: Uint8Array): void {
    const keys = Buffer.from(hkdfSync('sha256', secret, this.salt, '', 64));
    this.salt = keys.subarray(0, 32);
    this.key = keys.subarray(32);
    this.counter = 0;
  }

  private seal(plain: Uint8Array): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.key, iv(this.counter++));
    cipher.setAAD(this.hash);
    const sealed = crypt(cipher, plain);
    this.mixHash(sealed);
    return sealed;
  }

  private open(sealed: Buffer): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.key, iv(this.counter++));
    decipher.setAAD(this.hash);
    decipher.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    this.mixHash(sealed);
    return plain;
  }
}

function crypt(cipher: ReturnType<typeof createCipheriv>, plain: Uint8Array): Buffer {
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([sealed, (cipher as ReturnType<typeof createCipheriv> & { getAuthTag(): Buffer }).getAuthTag()]);
}

function iv(counter: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(counter, 8);
  return bytes;
}
