import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ClientVersionAnswer } from '@koneksi/contracts/client-version';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { Weigh } from '../common/turns/turns.js';
import { WaVersion } from './whatsapp/wa-version.js';

@ApiTags('sessions')
@Controller('client-version')
export class ClientVersionController {
  constructor(private readonly version: WaVersion) {}

  @Get()
  @Access('ADMIN')
  @Describe('Which WhatsApp Web version Koneksi shows, and how old that knowledge is (ADMIN)', {
    status: 200,
    schema: ClientVersionAnswer,
  })
  get(): ClientVersionAnswer {
    return this.version.describe();
  }

  @Post('refresh')
  @Leaves('client-version.refreshed', { tells: ['version'] })
  @Weigh('own')
  @HttpCode(200)
  @Access('ADMIN')
  @Describe('Ask WhatsApp\u2019s site for its version now, unless it was asked a moment ago (ADMIN)', {
    status: 200,
    schema: ClientVersionAnswer,
  })
  refresh(@CurrentCaller() caller: Caller): Promise<ClientVersionAnswer> {
    return this.version.askNow(caller.id);
  }
}
