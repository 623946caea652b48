import { Controller, Get, Header, Headers, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { ActivityFileQuery, ActivityPage, ActivityQuery } from '@koneksi/contracts/activity';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { localeOf } from '../common/locale.js';
import { Weigh } from '../common/turns/turns.js';
import { ActivityFile } from './activity-file.js';
import { ActivityReader } from './activity-reader.js';

@ApiTags('activity')
@Access('ADMIN')
@Controller()
export class ActivityController {
  constructor(
    private readonly reader: ActivityReader,
    private readonly file: ActivityFile,
  ) {}

  @Get('activity')
  @Weigh('heavy')
  @Header('Cache-Control', 'no-store')
  @Describe('Who changed what, when and from where, newest first (ADMIN); of users, keys and sign-ins your own', {
    status: 200,
    schema: ActivityPage,
  })
  list(@CurrentCaller() caller: Caller, @Query({ schema: ActivityQuery }) query: ActivityQuery): Promise<ActivityPage> {
    return this.reader.page(caller, query);
  }

  @Get('activity.csv')
  @Weigh('own')
  @Header('Cache-Control', 'no-store')
  @ApiProduces('text/csv')
  @Describe('The same as a file, safe to open in a spreadsheet (ADMIN)', { status: 200, text: 'text/csv' })
  async csv(
    @CurrentCaller() caller: Caller,
    @Query({ schema: ActivityFileQuery }) query: ActivityFileQuery,
    @Headers('accept-language') language?: string,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.file.csv(caller, query, localeOf(language)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="activity.csv"',
    });
  }
}
