import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MessageAccepted, SendMessage, SentMessage } from '@koneksi/contracts/messages';
import type { Response } from 'express';
import { Leaves } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { toLimit } from '../../common/quota-reached.js';
import { tellLimits } from '../../common/rate-limits.js';
import { idempotencyKeyOf, KeepsKeyItself, markReplayed } from '../../idempotency/idempotency-key.js';
import { OpenWork } from '../open-work.js';
import { Messages } from './messages.service.js';

@ApiTags('messages')
@Access('all')
@Controller('messages')
export class MessagesController {
  constructor(
    private readonly messages: Messages,
    private readonly open: OpenWork,
  ) {}

  @Post()
  @Leaves('message.sent')
  @HttpCode(202)
  @KeepsKeyItself()
  @Describe('Send one message to one person, as soon as its outlet may', { status: 202, schema: MessageAccepted })
  async send(
    @CurrentCaller() caller: Caller,
    @Body({ schema: SendMessage }) body: SendMessage,
    @Res({ passthrough: true }) response: Response,
    @Headers('idempotency-key') key?: string,
  ): Promise<MessageAccepted> {
    const { id, isEarlier } = await this.messages.send(caller, body, idempotencyKeyOf(key));
    if (isEarlier) markReplayed(response);
    tellLimits(response, toLimit((await this.open.quotas(caller)).messages));
    return { id };
  }

  @Get(':id')
  @Describe('What became of it', { status: 200, schema: SentMessage })
  find(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<SentMessage> {
    return this.messages.find(caller, id);
  }
}
