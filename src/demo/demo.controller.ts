import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { DemoAccount, VirtualPhone } from '@koneksi/contracts/demo';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { DEMO_ACCOUNTS } from './demo-data.js';
import { VirtualPhones } from './virtual-phones.js';

@ApiTags('demo')
@Controller('demo')
export class DemoController {
  constructor(
    private readonly outlets: OutletsService,
    private readonly phones: VirtualPhones,
  ) {}

  @Get('accounts')
  @Access('public')
  @Describe('The log-ins of the demo', { status: 200 })
  accounts(): DemoAccount[] {
    return DEMO_ACCOUNTS;
  }

  @Get('phones')
  @Access('all')
  @Describe('The virtual phones of your outlets', { status: 200 })
  async list(@CurrentCaller() caller: Caller): Promise<VirtualPhone[]> {
    return (await this.outlets.list(caller)).map((outlet) => this.phones.describe(outlet));
  }

  @Post('phones/:id/scan')
  @HttpCode(202)
  @Access('all')
  @Describe('Let the virtual phone of this outlet scan the QR on show', { status: 202 })
  async scan(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<{ success: true }> {
    await this.phones.scan(await this.outlets.require(caller, id));
    return { success: true };
  }
}
