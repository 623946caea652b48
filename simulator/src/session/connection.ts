import type { WebSocket } from 'ws';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { Credentials } from '../certificates.js';
import { type Ending, scriptOf } from '../faults/endings.js';
import type { FaultTarget, FreezeKind } from '../faults/faults.js';
import { type JunkKind, junkFrames } from '../faults/junk.js';
import { frame, FrameReader, MalformedStream } from '../wire/frame-reader.js';
import { NoiseResponder, type NoiseTransport } from '../wire/noise.js';
import { decodeStanza, encodeStanza, type Stanza } from '../wire/stanza.js';
import type { Phase } from './phase.js';

/** What the client's last handshake message says. */
export interface ClientHello {
  /** The client's Noise static key: who it is, when it logs in. */
  staticKey: Buffer;
  payload: proto.ClientPayload;
}

/** What a connection needs from the service around it. */
export interface ConnectionHost {
  credentials: Credentials;
  /** Whether the ServerHello is withheld this time. */
  silentHandshake(): boolean;
  latencyMs(connection: Connection): number;
  authenticated(connection: Connection, hello: ClientHello): void;
  received(connection: Connection, stanza: Stanza): void;
  malformed(connection: Connection, error: unknown): void;
  left(connection: Connection): void;
  sentJunk(frames: number): void;
}

const HANDSHAKE_FRAME_BYTES = 64 << 10;
const SESSION_FRAME_BYTES = (1 << 24) - 1;
const WEBSOCKET_NORMAL = 1000;
const WEBSOCKET_PROTOCOL_ERROR = 1002;

/** One client's websocket: bytes in, stanzas out, and the faults that concern the line itself. */
export class Connection implements FaultTarget {
  phase: Phase = 'handshake';
  account: Account | undefined;
  linkedDevice: Device | undefined;
  readonly openedAt = Date.now();
  private readonly reader = new FrameReader(HANDSHAKE_FRAME_BYTES);
  private noise: NoiseResponder | undefined;
  private transport: NoiseTransport | undefined;
  /** Nothing goes in or out any more. */
  private ended = false;
  /** The close code of a goodbye under way: nothing new is taken or said. */
  private leaving: number | undefined;
  private frozen: FreezeKind | undefined;
  private heldInput: Buffer[] = [];
  private heldOutput: Buffer[] = [];
  /** What latency holds back. One queue, one timer: frames must leave in the order they were encrypted. */
  private readonly delayed: { due: number; bytes: Buffer }[] = [];
  private delay: NodeJS.Timeout | undefined;

  constructor(
    readonly id: number,
    private readonly socket: WebSocket,
    private readonly host: ConnectionHost,
    /** Where the client is, as an IP address. */
    readonly address: string,
  ) {
    socket.on('message', (data) => this.take(asBuffer(data)));
    socket.on('close', () => {
      this.ended = true;
      host.left(this);
    });
    // A reset peer is an ordinary disconnect; 'close' follows.
    socket.on('error', () => undefined);
  }

  get device(): number | undefined {
    return this.linkedDevice?.id;
  }

  get isOpen(): boolean {
    return !this.ended && this.leaving === undefined;
  }

  get isFrozen(): boolean {
    return this.frozen !== undefined;
  }

  /** Encrypts and sends; late when latency is injected, later when frozen, never after the end. */
  send(stanza: Stanza): void {
    if (!this.isOpen || !this.transport) return;
    this.transmit(frame(this.transport.encrypt(encodeStanza(stanza))));
  }

  end(ending: Ending): void {
    const { stanzas, leave } = scriptOf(ending);
    if (leave === 'drop') {
      this.drop();
      return;
    }
    for (const stanza of stanzas) this.send(stanza);
    this.close();
  }

  /** Closes the websocket in order, after what was sent before; a frozen one once it is thawed. */
  close(code = WEBSOCKET_NORMAL): void {
    if (!this.isOpen) return;
    this.leaving = code;
    this.hangUp();
  }

  /** Resets the connection without a word. */
  drop(): void {
    this.ended = true;
    this.socket.terminate();
  }

  freeze(kind: FreezeKind): void {
    if (this.ended) return;
    this.frozen = kind;
    if (kind === 'tcp') this.socket.pause();
    else this.socket.resume();
  }

  thaw(): boolean {
    if (!this.frozen) return false;
    this.frozen = undefined;
    this.socket.resume();
    for (const bytes of this.heldOutput.splice(0)) this.socket.send(bytes);
    for (const bytes of this.heldInput.splice(0)) this.take(bytes);
    this.hangUp();
    return true;
  }

  junk(kind: JunkKind, count: number, seed: number): number {
    if (!this.isOpen || !this.transport) return 0;
    for (const { plain, spoil } of junkFrames(kind, count, seed)) {
      const sealed = this.transport.encrypt(plain);
      if (spoil) sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
      this.transmit(frame(sealed));
    }
    this.host.sentJunk(count);
    return count;
  }

  private hangUp(): void {
    if (this.leaving !== undefined && !this.frozen && this.delayed.length === 0) this.socket.close(this.leaving);
  }

  private transmit(bytes: Buffer): void {
    const latency = this.host.latencyMs(this);
    if (latency === 0 && this.delayed.length === 0) {
      this.write(bytes);
      return;
    }
    this.delayed.push({ due: Date.now() + latency, bytes });
    this.delay ??= setTimeout(() => this.release(), latency);
  }

  private release(): void {
    this.delay = undefined;
    const now = Date.now();
    for (let next = this.delayed[0]; next; next = this.delayed[0]) {
      if (next.due > now) {
        this.delay = setTimeout(() => this.release(), next.due - now);
        return;
      }
      this.delayed.shift();
      this.write(next.bytes);
    }
    this.hangUp();
  }

  private write(bytes: Buffer): void {
    if (this.frozen) this.heldOutput.push(bytes);
    else if (!this.ended) this.socket.send(bytes);
  }

  private take(bytes: Buffer): void {
    if (!this.isOpen) return;
    if (this.frozen) {
      this.heldInput.push(bytes);
      return;
    }
    try {
      this.reader.push(bytes);
      for (let payload = this.reader.next(); payload && this.isOpen; payload = this.reader.next()) this.read(payload);
    } catch (error) {
      this.host.malformed(this, error);
      this.close(WEBSOCKET_PROTOCOL_ERROR);
    }
  }

  private read(payload: Buffer): void {
    if (this.transport) this.host.received(this, decodeStanza(this.transport.decrypt(payload)));
    else if (!this.noise) this.greet(payload);
    else this.finish(this.noise, payload);
  }

  private greet(payload: Buffer): void {
    const { clientHello } = proto.HandshakeMessage.decode(payload);
    if (!clientHello?.ephemeral || !this.reader.header) throw new MalformedStream('no client hello');
    this.noise = new NoiseResponder(this.host.credentials.staticKey, this.reader.header.prologue);
    if (this.host.silentHandshake()) return;
    const serverHello = this.noise.serverHello(clientHello.ephemeral, this.host.credentials.chain);
    this.transmit(frame(proto.HandshakeMessage.encode({ serverHello }).finish()));
  }

  private finish(noise: NoiseResponder, payload: Buffer): void {
    const { clientFinish } = proto.HandshakeMessage.decode(payload);
    if (!clientFinish?.static || !clientFinish.payload) throw new MalformedStream('no client finish');
    const { staticKey, payload: plain, transport } = noise.clientFinish(clientFinish.static, clientFinish.payload);
    this.transport = transport;
    this.noise = undefined;
    this.reader.allowFrames(SESSION_FRAME_BYTES);
    this.host.authenticated(this, { staticKey, payload: proto.ClientPayload.decode(plain) });
  }
}

function asBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
