import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';

const NAME = 'koneksi_refresh';

/** The cookie that carries the refresh token, where no script and no other site can reach it. */
@Injectable()
export class RefreshCookie {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  read(request: Request): string | null {
    const { [NAME]: value } = (request.cookies ?? {}) as Record<string, unknown>;
    return typeof value === 'string' && value !== '' ? value : null;
  }

  write(response: Response, token: string, expiresAt: Date): void {
    response.cookie(NAME, token, { ...this.options(), maxAge: expiresAt.getTime() - this.clock.now() });
  }

  clear(response: Response): void {
    response.clearCookie(NAME, this.options());
  }

  private options(): CookieOptions {
    return { httpOnly: true, sameSite: 'strict', secure: this.isAlwaysTls(), path: '/api/auth' };
  }

  private isAlwaysTls(): boolean {
    return this.config.http.publicOrigins?.every((origin) => origin.startsWith('https:')) ?? false;
  }
}
