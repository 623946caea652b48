import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Sender } from '../common/bodies/senders.js';
import { Config } from '../config/config.js';
import { randomToken } from './secret-tokens.js';
import type { UserEntity } from './user.entity.js';

const NAME = 'koneksi_browser';
const KEPT_MS = 180 * 24 * 3_600_000;
const SHAPE = /^([\w-]{36})\.([\w-]{20,64})\.([\w-]{43})\.([\w-]{43})$/;

/** What a cookie is tied to: whoever came in by another password, or before codes were asked for, is a stranger. */
type Whose = Pick<UserEntity, 'id' | 'passwordHash' | 'secondFactorAt'>;
interface Known {
  userId: string;
  nonce: string;
  mark: string;
}

/**
 * Remembers in a browser who has logged in there. Its log-ins are counted apart from everybody else's behind the same
 * address, so that a hundred wrong ones from a shop's network keep nobody out who is at home in it.
 */
@Injectable()
export class KnownBrowsers {
  private readonly secret: Buffer;

  constructor(private readonly config: Config) {
    this.secret = Buffer.from(hkdfSync('sha256', config.secrets.jwtSecret, '', 'koneksi known browsers', 32));
  }

  /** The name by which this browser's attempts at that account are counted; `null` where it is not known for it. */
  nameFor(request: Request, user: Whose): string | null {
    const known = this.read(request);
    return known?.userId === user.id && isSame(known.mark, this.markOf(user)) ? `browser ${known.nonce}` : null;
  }

  /** Whether the browser was known for anybody, ever. */
  isKnown(request: Request): boolean {
    return this.read(request) !== null;
  }

  /**
   * By whom its bodies are counted; `null` for a stranger. Those that knew the account by another password are apart from
   * those that know it now: nobody looks here whether they still would.
   */
  senderOf(request: Request): Sender | null {
    const known = this.read(request);
    return known && { browser: `browser ${known.nonce}`, account: `browsers of ${known.userId} ${known.mark}` };
  }

  remember(request: Request, response: Response, user: Whose): void {
    if (this.nameFor(request, user) !== null) return;
    const head = `${user.id}.${randomToken().slice(0, 32)}.${this.markOf(user)}`;
    response.cookie(NAME, `${head}.${this.sign(head)}`, {
      httpOnly: true,
      sameSite: 'strict',
      secure: this.config.http.publicOrigins?.every((origin) => origin.startsWith('https:')) ?? false,
      path: '/api/auth',
      maxAge: KEPT_MS,
    });
  }

  private read(request: Request): Known | null {
    const { [NAME]: value } = (request.cookies ?? {}) as Record<string, unknown>;
    const [, userId = '', nonce = '', mark = '', signature = ''] =
      SHAPE.exec(typeof value === 'string' ? value : '') ?? [];
    const isOurs = userId !== '' && isSame(signature, this.sign(`${userId}.${nonce}.${mark}`));
    return isOurs ? { userId, nonce, mark } : null;
  }

  private markOf({ id, passwordHash, secondFactorAt }: Whose): string {
    return this.sign(`${id} ${passwordHash} ${secondFactorAt?.getTime()}`);
  }

  private sign(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
