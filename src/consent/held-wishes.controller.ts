import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DecideWish, HeldWishList, HeldWishQuery } from '@koneksi/contracts/opt-outs';
import { KnownNumber } from '@koneksi/contracts/phone-number-schema';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { HeldWishes } from './held-wishes.js';

/** Messages that look like a wish to hear no more, for a person to decide. */
@ApiTags('opt-outs')
@Access('all')
@Controller('held-wishes')
export class HeldWishesController {
  constructor(private readonly wishes: HeldWishes) {}

  @Get()
  @Describe('Who may want no messages; no blast reaches them until a person has decided', {
    status: 200,
    schema: HeldWishList,
  })
  list(@CurrentCaller() caller: Caller, @Query({ schema: HeldWishQuery }) query: HeldWishQuery): Promise<HeldWishList> {
    return this.wishes.list(caller, query);
  }

  @Post(':phone/decide')
  @Leaves('held-wish.decided', { tells: ['stop'] })
  @HttpCode(204)
  @Describe('Decide: `stop` opts the number out of all outlets, otherwise it is written to as before', { status: 204 })
  decide(
    @CurrentCaller() caller: Caller,
    @Param('phone', { schema: KnownNumber }) phone: string,
    @Body({ schema: DecideWish }) { stop }: DecideWish,
  ): Promise<void> {
    return this.wishes.decide(caller, phone, stop);
  }
}
