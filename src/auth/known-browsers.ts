import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Config } from '../config/config.js';
import { randomToken } from './secret-tokens.js';

const NAME = 'koneksi_browser';
const KEPT_MS = 180 * 24 * 3_600_000;
const SHAPE = /^([\w-]{36})\.([\w-]{20,64})\.([\w-]{43})$/;

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
  nameFor(request: Request, userId: string): string | null {
    const known = this.read(request);
    return known?.userId === userId ? `browser ${known.nonce}` : null;
  }

  /** Whether the browser is known for anybody. */
  isKnown(request: Request): boolean {
    return this.read(request) !== null;
  }

  remember(request: Request, response: Response, userId: string): void {
    if (this.read(request)?.userId === userId) return;
    const nonce = randomToken().slice(0, 32);
    response.cookie(NAME, `${userId}.${nonce}.${this.sign(userId, nonce)}`, {
      httpOnly: true,
      sameSite: 'strict',
      secure: this.config.http.publicOrigins?.every((origin) => origin.startsWith('https:')) ?? false,
      path: '/api/auth',
      maxAge: KEPT_MS,
    });
  }

  private read(request: Request): { userId: string; nonce: string } | null {
    const { [NAME]: value } = (request.cookies ?? {}) as Record<string, unknown>;
    const [, userId = '', nonce = '', signature = ''] = SHAPE.exec(typeof value === 'string' ? value : '') ?? [];
    const isOurs = userId !== '' && timingSafeEqual(Buffer.from(signature), Buffer.from(this.sign(userId, nonce)));
    return isOurs ? { userId, nonce } : null;
  }

  private sign(userId: string, nonce: string): string {
    return createHmac('sha256', this.secret).update(`${userId}.${nonce}`).digest('base64url');
  }
}
