import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ClientVersionAnswer } from '@koneksi/contracts/client-version';
import { Access } from '../auth/access.js';
import { Describe } from '../common/api-docs.js';
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
}
