import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { KeyEncryptionKey, type WrappedKeys } from '../common/envelope.js';
import { seal, unseal, UnreadableSecret } from '../common/sealing.js';

const REMEMBERED_KEYS = 500;

const placeOfKey = (blastId: string): string => `blast-key|${blastId}`;
export const BLAST_KEYS: WrappedKeys = { table: 'blasts', place: placeOfKey };
const placeOfMessage = (blastId: string): string => `blast-message|${blastId}`;
const placeOfRequest = (blastId: string): string => `blast-request|${blastId}`;
const placeOfReply = (blastId: string, { outletId, messageId }: ReplyPlace): string =>
  `blast-reply|${blastId}|${outletId}|${messageId}`;
const placeOfContent = (blastId: string, seq: number): string => `blast-content|${blastId}|${seq}`;

/** A blast's data key, wrapped: what its row keeps. */
export interface WrappedKey {
  blastId: string;
  wrappedKey: Buffer;
}

/** What somebody wrote to an outlet, by WhatsApp's id. */
export interface ReplyPlace {
  outletId: string;
  messageId: string;
}

/** Seals what blasts say, each under a data key of its own, and derives what must not be guessed. */
@Injectable()
export class BlastKeys {
  private readonly secret: Buffer;
  private readonly opened = new Map<string, Buffer>();

  constructor(
    private readonly keyEncryptionKey: KeyEncryptionKey,
    config: Config,
  ) {
    this.secret = Buffer.from(hkdfSync('sha256', config.secrets.credentialsKey, '', 'koneksi blasts', 32));
  }

  issue(blastId: string): WrappedKey & { keyId: string } {
    const { dataKey, wrapped } = this.keyEncryptionKey.issue(placeOfKey(blastId));
    this.remember(blastId, dataKey);
    return { blastId, wrappedKey: wrapped, keyId: this.keyEncryptionKey.id };
  }

  sealMessage(key: WrappedKey, message: string): Buffer {
    return seal(this.open(key), placeOfMessage(key.blastId), Buffer.from(message));
  }

  /** @throws {UnreadableSecret} */
  readMessage(key: WrappedKey, sealed: Buffer): string {
    return unseal(this.open(key), placeOfMessage(key.blastId), sealed).toString();
  }

  /** `null` for one that is damaged, for whoever has others to go on with. */
  messageIfWhole(key: WrappedKey, sealed: Buffer): string | null {
    try {
      return this.readMessage(key, sealed);
    } catch (error) {
      if (error instanceof UnreadableSecret) return null;
      throw error;
    }
  }

  sealContent(key: WrappedKey, seq: number, content: Uint8Array): Buffer {
    return seal(this.open(key), placeOfContent(key.blastId, seq), content);
  }

  readContent(key: WrappedKey, seq: number, sealed: Buffer): Buffer {
    return unseal(this.open(key), placeOfContent(key.blastId, seq), sealed);
  }

  sealReply(key: WrappedKey, place: ReplyPlace, words: string): Buffer {
    return seal(this.open(key), placeOfReply(key.blastId, place), Buffer.from(words));
  }

  /** @throws {UnreadableSecret} */
  readReply(key: WrappedKey, place: ReplyPlace, sealed: Buffer): string {
    return unseal(this.open(key), placeOfReply(key.blastId, place), sealed).toString();
  }

  /** The same for every attempt, so that WhatsApp and phones can tell a repetition. In the form of WhatsApp's own ids. */
  messageId(blastId: string, number: string): string {
    return `3EB0${this.hash(`id|${blastId}|${number}`).slice(0, 18).toUpperCase()}`;
  }

  /**
   * Tells whether a request is the one this blast was made by. By the blast's own key, which a rotation wraps anew but
   * does not change: a repetition is known after it.
   */
  hashRequest(key: WrappedKey, request: string): string {
    const secret = Buffer.from(hkdfSync('sha256', this.open(key), '', placeOfRequest(key.blastId), 32));
    return createHmac('sha256', secret).update(request).digest('hex');
  }

  /**
   * Tells whether two texts are the same, without telling what they say to who has no key. The next `CREDENTIALS_KEY`
   * hashes otherwise.
   */
  hash(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('hex');
  }

  private open({ blastId, wrappedKey }: WrappedKey): Buffer {
    const known = this.opened.get(blastId);
    if (known) return known;
    const dataKey = this.keyEncryptionKey.unwrap(placeOfKey(blastId), wrappedKey);
    this.remember(blastId, dataKey);
    return dataKey;
  }

  private remember(blastId: string, dataKey: Buffer): void {
    this.opened.set(blastId, dataKey);
    if (this.opened.size > REMEMBERED_KEYS) this.opened.delete(this.opened.keys().next().value as string);
  }
}
