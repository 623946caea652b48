import { Body, Controller, Delete, Headers, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ChooseColumns,
  ImportAtOnceQuery,
  ImportPreview,
  ImportReading,
  ImportResult,
} from '@koneksi/contracts/contact-import';
import type { Request } from 'express';
import { Leaves, LeavesNothing } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { TakesFile } from '../../common/bodies/json-bodies.js';
import { Describe, DescribeUpload } from '../../common/api-docs.js';
import { localeOf } from '../../common/locale.js';
import { Weigh } from '../../common/turns/turns.js';
import { OutletsService } from '../../outlets/outlets.service.js';
import { ContactImportsService } from './contact-imports.service.js';
import { FileUploads } from '../../spreadsheets/file-uploads.js';

/** What files of contacts are sent as; what they are is found out. */
const FILES = [
  'text/csv',
  'text/vcard',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'multipart/form-data',
];

@ApiTags('contacts')
@Access('all')
@Controller('outlets/:id/contacts')
export class ContactImportsController {
  constructor(
    private readonly imports: ContactImportsService,
    private readonly outlets: OutletsService,
    private readonly uploads: FileUploads,
  ) {}

  @Post('import')
  @Leaves('contacts.imported', { tells: ['counts', 'optOuts'] })
  @Weigh('own')
  @HttpCode(200)
  @TakesFile()
  @DescribeUpload(...FILES)
  @Describe('Import a file at once: every line that can be, in one transaction', { status: 200, schema: ImportResult })
  async importAtOnce(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Req() request: Request,
    @Query({ schema: ImportAtOnceQuery }) { phone, ...reading }: ImportAtOnceQuery,
    @Headers('accept-language') language?: string,
  ): Promise<ImportResult> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.uploads.read(caller, request, (content) =>
      this.imports.importAtOnce(caller, outlet.id, content, { columns: null, reading, phone }, localeOf(language)),
    );
  }

  @Post('imports')
  @Leaves('contacts.uploaded', { tells: ['kind', 'counts'] })
  @Weigh('own')
  @TakesFile()
  @DescribeUpload(...FILES)
  @Describe('Upload a file and see what an import would do; nothing is imported yet', {
    status: 201,
    schema: ImportPreview,
  })
  async upload(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Req() request: Request,
    @Query({ schema: ImportReading }) reading: ImportReading,
    @Headers('accept-language') language?: string,
  ): Promise<ImportPreview> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.uploads.read(caller, request, (content) =>
      this.imports.upload(caller, outlet.id, content, reading, localeOf(language)),
    );
  }

  @Post('imports/:importId/preview')
  @LeavesNothing('how a file is read that is not imported yet')
  @Weigh('own')
  @HttpCode(200)
  @Describe('See it read, and the columns taken, otherwise', { status: 200, schema: ImportPreview })
  async choose(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Param('importId') importId: string,
    @Body({ schema: ChooseColumns }) chosen: ChooseColumns,
    @Headers('accept-language') language?: string,
  ): Promise<ImportPreview> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.imports.choose(outlet.id, importId, chosen, localeOf(language));
  }

  @Post('imports/:importId/commit')
  @Leaves('contacts.imported', { tells: ['counts', 'optOuts'] })
  @Weigh('own')
  @HttpCode(200)
  @Describe('Import what was seen, in one transaction', { status: 200, schema: ImportResult })
  async commit(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Param('importId') importId: string,
    @Headers('accept-language') language?: string,
  ): Promise<ImportResult> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.imports.commit(caller, outlet.id, importId, localeOf(language));
  }

  @Delete('imports/:importId')
  @Leaves('contacts.discarded')
  @HttpCode(204)
  @Describe('Forget an uploaded file', { status: 204 })
  async discard(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Param('importId') importId: string,
  ): Promise<void> {
    const outlet = await this.outlets.require(caller, outletId);
    await this.imports.discard(outlet.id, importId);
  }
}
