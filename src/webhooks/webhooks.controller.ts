import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptionalPage } from '@koneksi/contracts/paging';
import {
  CreatedWebhook,
  CreateWebhook,
  DeliveryPage,
  DeliveryQuery,
  RotatedSecret,
  RotateSecret,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookList,
} from '@koneksi/contracts/webhooks';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { NeedsProof } from '../auth/proof.guard.js';
import { Describe } from '../common/api-docs.js';
import { oldestFirst, pageOf } from '../common/short-lists.js';
import { Editable, IfMatch } from '../common/editing/editable.js';
import type { Seen } from '../common/editing/seen.js';
import { Weigh } from '../common/turns/turns.js';
import { Deliveries } from './deliveries.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('webhooks')
@Access('ADMIN')
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly deliveries: Deliveries,
    private readonly sender: WebhookSender,
  ) {}

  @Get()
  @Describe('All webhooks, oldest first', { status: 200, schema: WebhookList })
  async list(@Query({ schema: OptionalPage }) page: OptionalPage): Promise<WebhookList> {
    const { items: webhooks, next } = pageOf(await this.webhooks.list(), page, oldestFirst);
    return { webhooks, next };
  }

  @Post()
  @NeedsProof()
  @Leaves('webhook.created')
  @Editable(UpdateWebhook)
  @Header('Cache-Control', 'no-store')
  @Describe('Have a service told of what happens, signed by the Standard Webhooks specification', {
    status: 201,
    schema: CreatedWebhook,
    text: '`secret` is shown this once.',
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: CreateWebhook }) body: CreateWebhook,
  ): Promise<CreatedWebhook> {
    const created = await this.webhooks.create(caller, body);
    this.sender.wake();
    return created;
  }

  @Get(':id')
  @Editable(UpdateWebhook)
  @Describe('One webhook, without its secret', { status: 200, schema: Webhook })
  find(@Param('id') id: string): Promise<Webhook> {
    return this.webhooks.find(id);
  }

  @Patch(':id')
  @NeedsProof(({ url, enabled }) => url !== undefined || enabled === true)
  @Leaves('webhook.changed')
  @Editable(UpdateWebhook)
  @Describe('Change a webhook, switch it off, or on again', { status: 200, schema: Webhook })
  async update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: UpdateWebhook }) body: UpdateWebhook,
    @IfMatch() seen: Seen,
  ): Promise<Webhook> {
    const webhook = await this.webhooks.update(caller, id, body, seen);
    this.sender.wake();
    return webhook;
  }

  @Delete(':id')
  @Leaves('webhook.removed')
  @HttpCode(204)
  @Editable(UpdateWebhook)
  @Describe('Remove a webhook with all it was or is to be told', { status: 204 })
  remove(@Param('id') id: string, @IfMatch() seen: Seen): Promise<void> {
    return this.webhooks.remove(id, seen);
  }

  @Post(':id/rotate-secret')
  @NeedsProof()
  @Leaves('webhook.secret-rotated')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Describe('A new secret; for a while the one before signs as well', {
    status: 200,
    schema: RotatedSecret,
    text: '`secret` is shown this once.',
  })
  rotate(@Param('id') id: string, @Body({ schema: RotateSecret }) body: RotateSecret): Promise<RotatedSecret> {
    return this.webhooks.rotate(id, body);
  }

  @Post(':id/test')
  @Leaves('webhook.tested')
  @Weigh('own')
  @HttpCode(200)
  @Describe('Send a `webhook.test` now, also where it is switched off; tried once', {
    status: 200,
    schema: WebhookDelivery,
    text: 'What came of it.',
  })
  async test(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<WebhookDelivery> {
    await this.webhooks.find(id);
    return this.sender.test(caller, id);
  }

  @Get(':id/deliveries')
  @Describe('What it was told and what came of it, newest first', { status: 200, schema: DeliveryPage })
  async log(@Param('id') id: string, @Query({ schema: DeliveryQuery }) query: DeliveryQuery): Promise<DeliveryPage> {
    await this.webhooks.find(id);
    return this.deliveries.page(id, query);
  }

  @Post('deliveries/:id/redrive')
  @Leaves('webhook.redriven')
  @HttpCode(202)
  @Describe('Deliver once more, under the same `webhook-id`', { status: 202, schema: WebhookDelivery })
  async redrive(@Param('id') id: string): Promise<WebhookDelivery> {
    const delivery = await this.deliveries.redrive(id);
    this.sender.wake();
    return delivery;
  }
}
