import { Injectable } from '@nestjs/common';
import { SESSION_MARKER } from '@koneksi/contracts/session-marker';
import type { CookieOptions, Request, Response } from 'express';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';

const NAME = 'koneksi_refresh';

/** The cookie that carries the refresh token, where no script and no other site can reach it; and its marker. */
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
    const maxAge = expiresAt.getTime() - this.clock.wall();
    response.cookie(NAME, token, { ...this.options(), maxAge });
    response.cookie(SESSION_MARKER, '1', { ...this.markerOptions(), maxAge });
  }

  clear(response: Response): void {
    response.clearCookie(NAME, this.options());
    response.clearCookie(SESSION_MARKER, this.markerOptions());
  }

  private options(): CookieOptions {
    return { httpOnly: true, sameSite: 'strict', secure: this.isAlwaysTls(), path: '/api/auth' };
  }

  private markerOptions(): CookieOptions {
    return { ...this.options(), httpOnly: false, path: '/' };
  }

  private isAlwaysTls(): boolean {
    return this.config.http.publicOrigins?.every((origin) => origin.startsWith('https:')) ?? false;
  }
}
