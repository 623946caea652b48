import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiKeyList, CreateApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import { OptionalPage } from '@koneksi/contracts/paging';
import { Leaves } from '../acts/act.js';
import { Describe } from '../common/api-docs.js';
import { newestFirst, wholeOrPageOf } from '../common/short-lists.js';
import { Access, CurrentCaller } from './access.js';
import { ApiKeysService } from './api-keys.service.js';
import type { Caller } from './caller.js';
import { NeedsProof } from './proof.guard.js';

@ApiTags('api-keys')
@Access('ADMIN')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Get()
  @Describe('The keys you made; for a SUPERADMIN, all', { status: 200, schema: ApiKeyList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: OptionalPage }) page: OptionalPage,
  ): Promise<ApiKeyList> {
    return wholeOrPageOf(await this.apiKeys.list(caller), page, newestFirst);
  }

  @Post()
  @NeedsProof()
  @Leaves('api-key.created', { tells: ['name', 'role', 'outletIds', 'scopes', 'expiresAt'] })
  @Header('Cache-Control', 'no-store')
  @Describe('Make a key', { status: 201, schema: CreatedApiKey, text: '`key` is shown this once.' })
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: CreateApiKey }) request: CreateApiKey,
  ): Promise<CreatedApiKey> {
    return this.apiKeys.create(caller, request);
  }

  @Delete(':id')
  @Leaves('api-key.removed')
  @HttpCode(204)
  @Describe('Revoke a key, at once', { status: 204 })
  remove(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.apiKeys.remove(caller, id);
  }
}
