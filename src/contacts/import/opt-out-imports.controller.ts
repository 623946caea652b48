import { Controller, Headers, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptOutFileQuery, OptOutFileResult } from '@koneksi/contracts/contact-import';
import type { Request } from 'express';
import { Leaves } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe, DescribeUpload } from '../../common/api-docs.js';
import { TakesFile } from '../../common/bodies/json-bodies.js';
import { localeOf } from '../../common/locale.js';
import { FileUploads } from '../../spreadsheets/file-uploads.js';
import { OptOutImports } from './opt-out-imports.js';

/** Who wanted no messages in the tool before. */
@ApiTags('opt-outs')
@Controller('opt-outs')
export class OptOutImportsController {
  constructor(
    private readonly imports: OptOutImports,
    private readonly uploads: FileUploads,
  ) {}

  @Post('import')
  @Leaves('opt-out.imported', { tells: ['added'], unless: ({ query }) => query['look'] === 'true' })
  @HttpCode(200)
  @Access('ADMIN')
  @TakesFile()
  @DescribeUpload(
    'text/csv',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'multipart/form-data',
  )
  @Describe(
    'Opt out every number of a file, rows that it hides aside, or those that a column of it says have; `look=true` only counts',
    {
      status: 200,
      schema: OptOutFileResult,
    },
  )
  import(
    @CurrentCaller() caller: Caller,
    @Req() request: Request,
    @Query({ schema: OptOutFileQuery }) { look, phone, ...reading }: OptOutFileQuery,
    @Headers('accept-language') language?: string,
  ): Promise<OptOutFileResult> {
    const choice = { columns: null, reading, phone };
    return this.uploads.read(caller, request, (content) =>
      this.imports.import(caller, content, choice, look === 'true', localeOf(language)),
    );
  }
}
