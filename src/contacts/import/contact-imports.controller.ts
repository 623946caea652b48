import { Body, Controller, Delete, Headers, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { ChooseColumns, ImportPreview, ImportResult } from '@koneksi/contracts/contact-import';
import type { Request } from 'express';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { TakesFile } from '../../common/bodies/json-bodies.js';
import { Describe } from '../../common/api-docs.js';
import { localeOf } from '../../common/locale.js';
import { Weigh } from '../../common/turns/turns.js';
import { OutletsService } from '../../outlets/outlets.service.js';
import { ContactImportsService } from './contact-imports.service.js';
import { CsvUploads } from './csv-upload.js';

@ApiTags('contacts')
@Access('all')
@Controller('outlets/:id/contacts')
export class ContactImportsController {
  constructor(
    private readonly imports: ContactImportsService,
    private readonly outlets: OutletsService,
    private readonly uploads: CsvUploads,
  ) {}

  @Post('import')
  @Weigh('own')
  @HttpCode(200)
  @TakesFile()
  @ApiConsumes('text/csv', 'multipart/form-data')
  @Describe('Import a CSV at once: every line that can be, in one transaction', { status: 200, schema: ImportResult })
  async importAtOnce(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Req() request: Request,
    @Headers('accept-language') language?: string,
  ): Promise<ImportResult> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.uploads.read(caller, request, (content) =>
      this.imports.importAtOnce(outlet.id, content, localeOf(language)),
    );
  }

  @Post('imports')
  @Weigh('own')
  @TakesFile()
  @ApiConsumes('text/csv', 'multipart/form-data')
  @Describe('Upload a CSV and see what an import would do; nothing is imported yet', {
    status: 201,
    schema: ImportPreview,
  })
  async upload(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Req() request: Request,
    @Headers('accept-language') language?: string,
  ): Promise<ImportPreview> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.uploads.read(caller, request, (content) =>
      this.imports.upload(caller, outlet.id, content, localeOf(language)),
    );
  }

  @Post('imports/:importId/preview')
  @Weigh('own')
  @HttpCode(200)
  @Describe('See it with the columns taken otherwise', { status: 200, schema: ImportPreview })
  async choose(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Param('importId') importId: string,
    @Body({ schema: ChooseColumns }) { columns }: ChooseColumns,
    @Headers('accept-language') language?: string,
  ): Promise<ImportPreview> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.imports.choose(outlet.id, importId, columns, localeOf(language));
  }

  @Post('imports/:importId/commit')
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
    return this.imports.commit(outlet.id, importId, localeOf(language));
  }

  @Delete('imports/:importId')
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
