import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AlertDelivery } from '@koneksi/contracts/alerts';
import { OptionalPage } from '@koneksi/contracts/paging';
import {
  CreatePushSubscription,
  PushKey,
  PushPersonList,
  PushSubscription,
  PushSubscriptionList,
} from '@koneksi/contracts/push';
import { Leaves } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { localeOf } from '../../common/locale.js';
import { byName, newestFirst, pageOf } from '../../common/short-lists.js';
import { Weigh } from '../../common/turns/turns.js';
import { AlertLog } from '../alert-log.js';
import { AlertTests } from '../alert-tests.js';
import { PushKeys } from './push-keys.js';
import { PushSubscriptions } from './push-subscriptions.service.js';

@ApiTags('alerts')
@Access('all')
@Controller()
export class PushController {
  constructor(
    private readonly keys: PushKeys,
    private readonly subscriptions: PushSubscriptions,
    private readonly tests: AlertTests,
    private readonly log: AlertLog,
  ) {}

  @Get('push-key')
  @Describe('By which key browsers subscribe', { status: 200, schema: PushKey })
  async key(): Promise<PushKey> {
    return { publicKey: (await this.keys.read()).publicKey };
  }

  @Get('push-subscriptions')
  @Describe('Your browsers that are called, newest first (people, not API keys)', {
    status: 200,
    schema: PushSubscriptionList,
  })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: OptionalPage }) page: OptionalPage,
  ): Promise<PushSubscriptionList> {
    return pageOf(await this.subscriptions.list(caller), page, newestFirst);
  }

  @Post('push-subscriptions')
  @Leaves('push-subscription.created', { tells: ['browser'] })
  @Describe('Have this browser called; rules say of what (people, not API keys)', {
    status: 201,
    schema: PushSubscription,
    text: 'An endpoint that is known already is whose it is now.',
  })
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: CreatePushSubscription }) request: CreatePushSubscription,
  ): Promise<PushSubscription> {
    return this.subscriptions.create(caller, request);
  }

  @Delete('push-subscriptions/:id')
  @Leaves('push-subscription.removed')
  @HttpCode(204)
  @Describe('Have a browser of yours called no more', { status: 204 })
  remove(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.subscriptions.remove(caller, id);
  }

  @Post('push-subscriptions/:id/test')
  @Leaves('push-subscription.tested')
  @Weigh('own')
  @HttpCode(200)
  @Describe('Send a test to one browser of yours, now and once', { status: 200, schema: AlertDelivery })
  async test(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('accept-language') languages: string | undefined,
  ): Promise<AlertDelivery> {
    await this.subscriptions.require(caller, id);
    return (await this.log.these(await this.tests.sendToBrowser(caller, id, localeOf(languages))))[0]!;
  }

  @Get('push-people')
  @Access('ADMIN')
  @Describe('Whom a rule can call by push, by name', { status: 200, schema: PushPersonList })
  async people(@Query({ schema: OptionalPage }) page: OptionalPage): Promise<PushPersonList> {
    return pageOf(await this.subscriptions.people(), page, byName);
  }
}
