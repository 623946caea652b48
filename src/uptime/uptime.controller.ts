import { Controller, Get, Header, Headers, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Uptime, UptimeQuery, UptimeRanking, UptimeSheetQuery } from '@koneksi/contracts/uptime';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { localeOf } from '../common/locale.js';
import { Weigh } from '../common/turns/turns.js';
import { UptimeSheet } from './uptime-sheet.js';
import { UptimeService } from './uptime.service.js';

@ApiTags('status')
@Access('all')
@Weigh('heavy')
@Controller()
export class UptimeController {
  constructor(
    private readonly uptime: UptimeService,
    private readonly sheet: UptimeSheet,
  ) {}

  @Get('uptime')
  @Describe('How much of its time everything you may see could send', { status: 200, schema: Uptime })
  together(@CurrentCaller() caller: Caller, @Query({ schema: UptimeQuery }) { window }: UptimeQuery): Promise<Uptime> {
    return this.uptime.together(caller, window);
  }

  @Get('uptime/ranking')
  @Describe('The ten outlets that were down longest, and every city', { status: 200, schema: UptimeRanking })
  ranking(
    @CurrentCaller() caller: Caller,
    @Query({ schema: UptimeQuery }) { window }: UptimeQuery,
  ): Promise<UptimeRanking> {
    return this.uptime.ranking(caller, window);
  }

  @Get('uptime/month.csv')
  @Header('Cache-Control', 'no-store')
  @Describe('A month of every outlet, day by day, as a file', { status: 200, text: 'text/csv' })
  async month(
    @CurrentCaller() caller: Caller,
    @Query({ schema: UptimeSheetQuery }) query: UptimeSheetQuery,
    @Headers('accept-language') language?: string,
  ): Promise<StreamableFile> {
    const { month, csv } = await this.sheet.of(caller, query.month, localeOf(language));
    return new StreamableFile(csv, {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="uptime-${month}.csv"`,
    });
  }

  @Get('outlets/:id/uptime')
  @Describe('The same of one outlet, by the midnights of its zone', { status: 200, schema: Uptime })
  one(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: UptimeQuery }) { window }: UptimeQuery,
  ): Promise<Uptime> {
    return this.uptime.one(caller, id, window);
  }
}
