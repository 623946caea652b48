import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { Access } from '../auth/access.js';
import { Membership } from '../cluster/membership.js';

const DEADLINE_MS = 1000;

/** For whoever decides to restart us (`live`) or to send us traffic (`ready`). */
@Access('public')
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly membership: Membership,
  ) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<{ status: string; reason?: string }> {
    const reason = (await this.databaseFault()) ?? this.membership.unreadiness;
    if (!reason) return { status: 'ready' };
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'not ready', reason };
  }

  private async databaseFault(): Promise<string | null> {
    const { promise: late, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(() => resolve(`the database does not answer within ${DEADLINE_MS} ms`), DEADLINE_MS);
    const answer = this.dataSource.query('SELECT 1').then(
      () => null,
      () => 'the database is away',
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
