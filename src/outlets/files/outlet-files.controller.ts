import { Controller, Get, Headers, HttpCode, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { OutletImportQuery, OutletImportResult } from '@koneksi/contracts/outlet-import';
import type { Request } from 'express';
import { Leaves } from '../../acts/act.js';
import { tellOutlets } from '../../acts/acts.interceptor.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe, DescribeUpload } from '../../common/api-docs.js';
import { TakesFile } from '../../common/bodies/json-bodies.js';
import { localeOf } from '../../common/locale.js';
import { Weigh } from '../../common/turns/turns.js';
import { FileUploads } from '../../spreadsheets/file-uploads.js';
import { OutletsService } from '../outlets.service.js';
import { outletsAsCsv } from './outlet-export.js';
import { OutletImports } from './outlet-imports.service.js';

/** Registered before the outlets themselves, so that `:id` does not take it. */
@ApiTags('outlets')
@Controller('outlets')
export class OutletFilesController {
  constructor(
    private readonly imports: OutletImports,
    private readonly outlets: OutletsService,
    private readonly uploads: FileUploads,
  ) {}

  @Get('export')
  @Access('all')
  @ApiProduces('text/csv')
  @Describe('The outlets that exist for you as a CSV file, safe to open in a spreadsheet', {
    status: 200,
    text: 'text/csv',
  })
  async export(
    @CurrentCaller() caller: Caller,
    @Headers('accept-language') language?: string,
  ): Promise<StreamableFile> {
    const csv = outletsAsCsv(await this.outlets.list(caller), localeOf(language));
    const disposition = 'attachment; filename="outlets.csv"';
    return new StreamableFile(Buffer.from(csv), { type: 'text/csv; charset=utf-8', disposition });
  }

  @Post('import')
  @Leaves('outlets.imported', { tells: ['counts'], unless: ({ query }) => query['look'] === 'true' })
  @HttpCode(200)
  @Access('ADMIN')
  @Weigh('own')
  @TakesFile()
  @DescribeUpload(
    'text/csv',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'multipart/form-data',
  )
  @Describe(
    'Add and change outlets by a file of at most 5,000, in one transaction. An outlet is known by its number; what a line leaves empty stays. `look=true` only tells what would be',
    { status: 200, schema: OutletImportResult },
  )
  async import(
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Query({ schema: OutletImportQuery }) said: OutletImportQuery,
    @Headers('accept-language') language?: string,
  ): Promise<OutletImportResult> {
    const { result, changed } = await this.uploads.read(caller, request, (content) =>
      this.imports.import(caller.id, content, said, localeOf(language)),
    );
    tellOutlets(request, changed);
    return result;
  }
}
