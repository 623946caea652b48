import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../auth/access.js';
import { DomainError } from '../common/domain-error.js';
import { Config } from '../config/config.js';
import { Metrics } from './metrics.js';

const LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

const LOOPBACK_NAME = /^(localhost|::1|127\.\d+\.\d+\.\d+)$/i;

/** For Prometheus: with `METRICS_TOKEN` from anywhere, without one from this machine alone and through no proxy. */
@Access('public')
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly config: Config,
  ) {}

  @Get()
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!this.mayRead(request)) throw new DomainError('UNAUTHENTICATED', 401, 'metrics need METRICS_TOKEN');
    const text = await this.metrics.text();
    response.set('Cache-Control', 'no-store').type(this.metrics.contentType).send(text);
  }

  private mayRead({ headers, socket }: Request): boolean {
    const { metricsToken } = this.config;
    if (metricsToken !== null) return isSame(headers.authorization ?? '', `Bearer ${metricsToken}`);
    const isForwarded = 'x-forwarded-for' in headers || 'forwarded' in headers;
    // A page of another site that had its name point here comes with that name.
    const host = /^(?:\[([^\]]+)\]|([^:]*))(?::\d+)?$/.exec(headers.host ?? '');
    const isOurs = LOOPBACK_NAME.test(host?.[1] ?? host?.[2] ?? '');
    return !isForwarded && isOurs && LOOPBACK.test(socket.remoteAddress ?? '');
  }
}

/** Takes as long for any wrong answer. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
