import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptionalPage } from '@koneksi/contracts/paging';
import {
  AlertChannelList,
  AlertDelivery,
  AlertDeliveryPage,
  AlertDeliveryQuery,
  AlertRule,
  AlertRuleList,
  AlertTestAnswer,
  CreateAlertRule,
  TestAlertChannel,
  UpdateAlertRule,
} from '@koneksi/contracts/alerts';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { oldestFirst, pageOf } from '../common/short-lists.js';
import { Editable, IfMatch } from '../common/editing/editable.js';
import type { Seen } from '../common/editing/seen.js';
import { Weigh } from '../common/turns/turns.js';
import { AlertLog } from './alert-log.js';
import { AlertRules } from './alert-rules.service.js';
import { AlertSender } from './alert-sender.js';
import { AlertTests } from './alert-tests.js';
import { AlertWatch } from './alert-watch.js';

@ApiTags('alerts')
@Access('ADMIN')
@Controller()
export class AlertsController {
  constructor(
    private readonly rules: AlertRules,
    private readonly log: AlertLog,
    private readonly sender: AlertSender,
    private readonly tests: AlertTests,
    private readonly watch: AlertWatch,
  ) {}

  @Get('alert-rules')
  @Describe('Who is told of what, oldest first', { status: 200, schema: AlertRuleList })
  async list(@Query({ schema: OptionalPage }) page: OptionalPage): Promise<AlertRuleList> {
    return pageOf(await this.rules.list(), page, oldestFirst);
  }

  @Post('alert-rules')
  @Leaves('alert-rule.created')
  @Editable(UpdateAlertRule)
  @Describe('Have people told when outlets are down, once per incident, and when that is over', {
    status: 201,
    schema: AlertRule,
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: CreateAlertRule }) body: CreateAlertRule,
  ): Promise<AlertRule> {
    const rule = await this.rules.create(caller, body);
    this.watch.soon();
    return rule;
  }

  @Get('alert-rules/:id')
  @Editable(UpdateAlertRule)
  @Describe('One rule', { status: 200, schema: AlertRule })
  find(@Param('id') id: string): Promise<AlertRule> {
    return this.rules.find(id);
  }

  @Patch('alert-rules/:id')
  @Leaves('alert-rule.changed')
  @Editable(UpdateAlertRule)
  @Describe('Change a rule, switch it off, or on again', { status: 200, schema: AlertRule })
  async update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: UpdateAlertRule }) body: UpdateAlertRule,
    @IfMatch() seen: Seen,
  ): Promise<AlertRule> {
    const rule = await this.rules.update(caller, id, body, seen);
    this.watch.soon();
    // What it has dropped is taken back where an outlet has it.
    this.sender.wake();
    return rule;
  }

  @Delete('alert-rules/:id')
  @Leaves('alert-rule.removed')
  @Editable(UpdateAlertRule)
  @HttpCode(204)
  @Describe('Remove a rule; the log keeps what it said', { status: 204 })
  async remove(@Param('id') id: string, @IfMatch() seen: Seen): Promise<void> {
    await this.rules.remove(id, seen);
    this.sender.wake();
  }

  @Post('alert-rules/:id/test')
  @Leaves('alert-rule.tested')
  @Weigh('own')
  @HttpCode(200)
  @Describe('Send a test to everybody whom the rule tells, now and once, also where it is switched off', {
    status: 200,
    schema: AlertTestAnswer,
  })
  async test(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<AlertTestAnswer> {
    const rule = await this.rules.find(id);
    const recipients = [...rule.recipients, ...(rule.escalation?.recipients ?? [])];
    return { items: await this.log.these(await this.tests.send(caller, rule, recipients)) };
  }

  @Get('alert-channels')
  @Describe('How the roads are by which people are told', { status: 200, schema: AlertChannelList })
  async channels(): Promise<AlertChannelList> {
    return { items: await this.log.channels(), next: null };
  }

  @Post('alert-channels/test')
  @Leaves('alert-channel.tested', { tells: ['recipient'] })
  @Weigh('own')
  @HttpCode(200)
  @Describe('Send a test to one recipient, now and once', { status: 200, schema: AlertDelivery })
  async testChannel(
    @CurrentCaller() caller: Caller,
    @Body({ schema: TestAlertChannel }) { recipient }: TestAlertChannel,
  ): Promise<AlertDelivery> {
    return (await this.log.these(await this.tests.send(caller, null, [recipient])))[0]!;
  }

  @Get('alert-deliveries')
  @Describe('What was said to whom and what came of it, newest first', { status: 200, schema: AlertDeliveryPage })
  deliveries(@Query({ schema: AlertDeliveryQuery }) query: AlertDeliveryQuery): Promise<AlertDeliveryPage> {
    return this.log.page(query);
  }
}
