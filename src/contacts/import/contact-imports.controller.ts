import {
  Body,
  Controller,
  Delete,
  Headers,
  HttpCode,
  Param,
  Post,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { ChooseColumns, ImportPreview, ImportResult } from '@koneksi/contracts/contact-import';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { localeOf } from '../../common/locale.js';
import { OutletsService } from '../../outlets/outlets.service.js';
import { ContactImportsService } from './contact-imports.service.js';
import { contentOf, CsvUpload } from './csv-upload.js';

@ApiTags('contacts')
@Access('all')
@Controller('outlets/:id/contacts')
export class ContactImportsController {
  constructor(
    private readonly imports: ContactImportsService,
    private readonly outlets: OutletsService,
  ) {}

  @Post('import')
  @HttpCode(200)
  @UseInterceptors(CsvUpload)
  @ApiConsumes('text/csv', 'multipart/form-data')
  @Describe('Import a CSV at once: every line that can be, in one transaction', { status: 200, schema: ImportResult })
  async importAtOnce(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @UploadedFile() file: { buffer: Buffer } | undefined,
    @Headers('accept-language') language?: string,
  ): Promise<ImportResult> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.imports.importAtOnce(outlet.id, contentOf(file), localeOf(language));
  }

  @Post('imports')
  @UseInterceptors(CsvUpload)
  @ApiConsumes('text/csv', 'multipart/form-data')
  @Describe('Upload a CSV and see what an import would do; nothing is imported yet', {
    status: 201,
    schema: ImportPreview,
  })
  async upload(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @UploadedFile() file: { buffer: Buffer } | undefined,
    @Headers('accept-language') language?: string,
  ): Promise<ImportPreview> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.imports.upload(caller, outlet.id, contentOf(file), localeOf(language));
  }

  @Post('imports/:importId/preview')
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
