import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import {
  DemoAccount,
  DriftAnswer,
  EnterCode,
  LabState,
  PHONE_VERBS,
  PhoneVerb,
  VirtualPhone,
  WHATSAPP_VERBS,
  WhatsAppState,
  WhatsAppVerb,
} from '@koneksi/contracts/demo';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { DEMO_ACCOUNTS } from './demo-data.js';
import { DemoLab } from './demo-lab.js';
import { VirtualPhones } from './virtual-phones.js';

/** A verb answers the state after it; what follows from it is pushed to everybody, as in life. */
@ApiTags('demo')
@Controller('demo')
export class DemoController {
  constructor(
    private readonly outlets: OutletsService,
    private readonly phones: VirtualPhones,
    private readonly lab: DemoLab,
  ) {}

  @Get('accounts')
  @Access('public')
  @Describe('The log-ins of the demo', { status: 200, schema: DemoAccount.array() })
  accounts(): DemoAccount[] {
    return DEMO_ACCOUNTS;
  }

  @Get('phones')
  @Access('all')
  @Describe('The virtual phones of your outlets', { status: 200, schema: VirtualPhone.array() })
  async list(@CurrentCaller() caller: Caller): Promise<VirtualPhone[]> {
    return (await this.outlets.list(caller)).map((outlet) => this.phones.describe(outlet));
  }

  @Post('phones/:id/scan')
  @Leaves('demo.played')
  @HttpCode(200)
  @Access('all')
  @Describe('Let the virtual phone of this outlet scan the QR on show', { status: 200, schema: VirtualPhone })
  async scan(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<VirtualPhone> {
    const outlet = await this.outlets.require(caller, id);
    await this.phones.scan(outlet);
    return this.phones.describe(outlet);
  }

  @Post('phones/:id/enter-code')
  @Leaves('demo.played')
  @HttpCode(200)
  @Access('all')
  @Describe('Let it type the pairing code on show', { status: 200, schema: VirtualPhone })
  async enterCode(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: EnterCode }) { code }: EnterCode,
  ): Promise<VirtualPhone> {
    const outlet = await this.outlets.require(caller, id);
    await this.phones.enterCode(outlet, code);
    return this.phones.describe(outlet);
  }

  @Post('phones/:id/:verb')
  @Leaves('demo.played')
  @HttpCode(200)
  @Access('all')
  @ApiParam({ name: 'verb', enum: PHONE_VERBS })
  @Describe('Let something happen to it, or end that', { status: 200, schema: VirtualPhone })
  async act(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('verb', { schema: PhoneVerb }) verb: PhoneVerb,
  ): Promise<VirtualPhone> {
    return this.lab.act(await this.outlets.require(caller, id), verb);
  }

  @Get('whatsapp')
  @Access('all')
  @Describe('Whether the simulated WhatsApp can be reached', { status: 200, schema: WhatsAppState })
  whatsApp(): WhatsAppState {
    return this.lab.whatsApp();
  }

  @Post('whatsapp/:verb')
  @Leaves('demo.played')
  @HttpCode(200)
  @Access('ADMIN')
  @ApiParam({ name: 'verb', enum: WHATSAPP_VERBS })
  @Describe('Let WhatsApp or the way to it fail for all outlets, or end that', { status: 200, schema: WhatsAppState })
  actOnWhatsApp(@Param('verb', { schema: WhatsAppVerb }) verb: WhatsAppVerb): Promise<WhatsAppState> {
    return this.lab.actOnWhatsApp(verb);
  }

  @Post('drift/:id')
  @Leaves('demo.played')
  @HttpCode(200)
  @Access('all')
  @Describe('Write a wrong status into its row, as a hand would', { status: 200, schema: DriftAnswer })
  async drift(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<DriftAnswer> {
    return this.lab.drift(await this.outlets.require(caller, id));
  }

  @Post('recover')
  @Leaves('demo.played')
  @HttpCode(200)
  @Access('ADMIN')
  @Describe('End every fault of every phone and of WhatsApp', { status: 200, schema: LabState })
  async recover(): Promise<LabState> {
    return this.lab.recover(await this.outlets.all());
  }
}
