import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptionalPage } from '@koneksi/contracts/paging';
import {
  BirthdayFields,
  CountBirthdays,
  CreateRepeatingBlast,
  RepeatingBlast,
  RepeatingBlastCreated,
  RepeatingBlastList,
} from '@koneksi/contracts/repeating-blasts';
import { Leaves, LeavesNothing } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { localeOf } from '../../common/locale.js';
import { ChangesNothing } from '../../idempotency/idempotency-key.js';
import { Weigh } from '../../common/turns/turns.js';
import { RepeatingBlasts } from './repeating-blasts.js';

/** Blasts that come every month, or on birthdays. */
@ApiTags('blasts')
@Access('all')
@Controller('repeating-blasts')
export class RepeatingBlastsController {
  constructor(private readonly repeating: RepeatingBlasts) {}

  @Get()
  @Describe('Blasts that come again, with the day each comes next', { status: 200, schema: RepeatingBlastList })
  list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: OptionalPage }) page: OptionalPage,
  ): Promise<RepeatingBlastList> {
    return this.repeating.list(caller, page);
  }

  @Post()
  @Leaves('repeating-blast.created', { tells: ['title', 'rule'] })
  @Weigh('own')
  @Describe('Make a blast that comes every month, or on birthdays', { status: 201, schema: RepeatingBlastCreated })
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: CreateRepeatingBlast }) body: CreateRepeatingBlast,
    @Headers('accept-language') language?: string,
  ): Promise<RepeatingBlastCreated> {
    return this.repeating.create(caller, body, localeOf(language));
  }

  @Post('birthdays')
  @LeavesNothing('it only looks')
  @ChangesNothing()
  @HttpCode(200)
  @Weigh('own')
  @Describe('The fields of contacts that hold birthdays, and whose', { status: 200, schema: BirthdayFields })
  birthdays(
    @CurrentCaller() caller: Caller,
    @Body({ schema: CountBirthdays }) body: CountBirthdays,
  ): Promise<BirthdayFields> {
    return this.repeating.fields(caller, body);
  }

  @Get(':id')
  @Describe('One of them', { status: 200, schema: RepeatingBlast })
  find(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<RepeatingBlast> {
    return this.repeating.find(caller, id);
  }

  @Post(':id/pause')
  @Leaves('repeating-blast.paused')
  @HttpCode(200)
  @Describe('Let it come no more until it is resumed', { status: 200, schema: RepeatingBlast })
  pause(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<RepeatingBlast> {
    return this.repeating.pause(caller, id);
  }

  @Post(':id/resume')
  @Leaves('repeating-blast.resumed')
  @HttpCode(200)
  @Describe('Let it come again from its next day on, by your right', { status: 200, schema: RepeatingBlast })
  resume(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<RepeatingBlast> {
    return this.repeating.resume(caller, id);
  }

  @Post(':id/stop')
  @Leaves('repeating-blast.stopped')
  @HttpCode(200)
  @Describe('Let it come no more', { status: 200, schema: RepeatingBlast })
  stop(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<RepeatingBlast> {
    return this.repeating.stop(caller, id);
  }
}
