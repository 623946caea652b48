import { Controller, Headers, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChainImportQuery, ChainImportResult } from '@koneksi/contracts/contact-import';
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
import { ChainImports } from './chain-imports.js';

/** The contacts of several outlets, each of its own. */
@ApiTags('contacts')
@Controller('contacts')
export class ChainImportsController {
  constructor(
    private readonly imports: ChainImports,
    private readonly uploads: FileUploads,
  ) {}

  @Post('import')
  @Leaves('contacts.imported', {
    tells: ['counts', 'optOuts'],
    unless: ({ query }) => query['look'] === 'true',
  })
  @HttpCode(200)
  @Access('all')
  @Weigh('own')
  @TakesFile()
  @DescribeUpload(
    'text/csv',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'multipart/form-data',
  )
  @Describe(
    'Import the contacts of several outlets by one file, in one transaction; a column says which outlet each is of. `look=true` only tells what would be',
    { status: 200, schema: ChainImportResult },
  )
  async import(
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Query({ schema: ChainImportQuery }) query: ChainImportQuery,
    @Headers('accept-language') language?: string,
  ): Promise<ChainImportResult> {
    const result = await this.uploads.read(caller, request, (content) =>
      this.imports.import(caller, content, query, localeOf(language)),
    );
    const changed = result.outlets.filter(({ added, updated }) => added + updated > 0);
    tellOutlets(
      request,
      changed.map(({ outletId }) => outletId),
    );
    return result;
  }
}
