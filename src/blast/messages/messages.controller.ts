import { Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { MessageAccepted, SendMessage, SentMessage } from '@koneksi/contracts/messages';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { idempotencyKeyOf } from '../idempotency-key.js';
import { Messages } from './messages.service.js';

@ApiTags('messages')
@Access('all')
@Controller('messages')
export class MessagesController {
  constructor(private readonly messages: Messages) {}

  @Post()
  @HttpCode(202)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Same key, same request: the same message.' })
  @Describe('Send one message to one person, as soon as its outlet may', { status: 202, schema: MessageAccepted })
  send(
    @CurrentCaller() caller: Caller,
    @Body({ schema: SendMessage }) body: SendMessage,
    @Headers('idempotency-key') key?: string,
  ): Promise<MessageAccepted> {
    return this.messages.send(caller, body, idempotencyKeyOf(key));
  }

  @Get(':id')
  @Describe('What became of it', { status: 200, schema: SentMessage })
  find(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<SentMessage> {
    return this.messages.find(caller, id);
  }
}
