import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptOutHistory, OptOutPage, OptOutQuery, RecordOptOut, RevokeOptOut } from '@koneksi/contracts/opt-outs';
import { KnownNumber } from '@koneksi/contracts/phone-number-schema';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { Weigh } from '../common/turns/turns.js';
import { StaffOptOuts } from './staff-opt-outs.js';
import { OptOutList } from './opt-out-list.js';

@ApiTags('opt-outs')
@Controller('opt-outs')
export class OptOutsController {
  constructor(
    private readonly optOutList: OptOutList,
    private readonly byStaff: StaffOptOuts,
  ) {}

  @Get()
  @Weigh('heavy')
  @Access('all')
  @Describe('Who wants no messages, newest first', { status: 200, schema: OptOutPage })
  list(@CurrentCaller() caller: Caller, @Query({ schema: OptOutQuery }) query: OptOutQuery): Promise<OptOutPage> {
    return this.optOutList.page(caller, query);
  }

  @Post()
  @Leaves('opt-out.recorded')
  @Access('all')
  @Describe('Opt a number out by hand, across all outlets (a USER: contacts of their own outlets)', {
    status: 201,
    schema: OptOutHistory,
  })
  async record(
    @CurrentCaller() caller: Caller,
    @Body({ schema: RecordOptOut }) request: RecordOptOut,
  ): Promise<OptOutHistory> {
    await this.byStaff.record(caller, request);
    return this.optOutList.history(caller, request.phone);
  }

  @Post('revoke')
  @Leaves('opt-out.revoked')
  @HttpCode(200)
  @Access('ADMIN')
  @Describe('Let a number back in; only a person may, and says why', { status: 200, schema: OptOutHistory })
  async revoke(
    @CurrentCaller() caller: Caller,
    @Body({ schema: RevokeOptOut }) request: RevokeOptOut,
  ): Promise<OptOutHistory> {
    await this.byStaff.revoke(caller, request);
    return this.optOutList.history(caller, request.phone);
  }

  @Get(':phone')
  @Access('all')
  @Describe('The ledger of one number, newest first', { status: 200, schema: OptOutHistory })
  history(
    @CurrentCaller() caller: Caller,
    @Param('phone', { schema: KnownNumber }) phone: string,
  ): Promise<OptOutHistory> {
    return this.optOutList.history(caller, phone);
  }
}
