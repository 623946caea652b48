import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PasskeyAssertion, PasskeyCode, PasskeyConfirmation, PasskeyRequest } from '@koneksi/contracts/passkey';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { PasskeyService } from './passkey.service.js';

interface Done {
  success: true;
}

/** Linking an account that WhatsApp links with a passkey alone. For ADMINs; each step is answered once WhatsApp has. */
@ApiTags('sessions')
@Controller('outlets/:id/passkey')
export class PasskeyController {
  constructor(private readonly passkeys: PasskeyService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @Access('all')
  @Describe('What WhatsApp asks of the passkey, for the five minutes it waits (ADMIN)', {
    status: 200,
    schema: PasskeyRequest,
  })
  request(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<PasskeyRequest> {
    return this.passkeys.request(caller, id);
  }

  @Post()
  @Leaves('outlet.passkey-handed-in')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Access('all')
  @Describe('Hand in the assertion; answers the code to compare once WhatsApp and the phone went on (ADMIN)', {
    status: 200,
    schema: PasskeyCode,
  })
  handIn(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: PasskeyAssertion }) assertion: PasskeyAssertion,
  ): Promise<PasskeyCode> {
    return this.passkeys.handIn(caller, id, assertion);
  }

  @Post('confirm')
  @Leaves('outlet.passkey-confirmed')
  @HttpCode(200)
  @Access('all')
  @Describe('This code is the same on the phone, or it shows none: link (ADMIN)', { status: 200 })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: PasskeyConfirmation }) { code }: PasskeyConfirmation,
  ): Promise<Done> {
    await this.passkeys.confirm(caller, id, code);
    return { success: true };
  }

  @Delete()
  @Leaves('outlet.passkey-given-up')
  @Access('all')
  @Describe('Give up: nothing is linked, and WhatsApp is waited for no longer (ADMIN)', { status: 200 })
  async giveUp(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Done> {
    await this.passkeys.giveUp(caller, id);
    return { success: true };
  }
}
