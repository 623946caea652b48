import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptionalPage } from '@koneksi/contracts/paging';
import { SavedMessage, SavedMessageList, SaveMessage, UpdateSavedMessage } from '@koneksi/contracts/saved-messages';
import { Leaves } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { Editable, IfMatch } from '../../common/editing/editable.js';
import type { Seen } from '../../common/editing/seen.js';
import { byName, pageOf } from '../../common/short-lists.js';
import { SavedMessages } from './saved-messages.js';

/** What is written once and sent often; everybody uses them, ADMINs keep them. */
@ApiTags('blasts')
@Access('ADMIN')
@Controller('saved-messages')
export class SavedMessagesController {
  constructor(private readonly saved: SavedMessages) {}

  @Get()
  @Access('all')
  @Describe('Messages to be used again, by name', { status: 200, schema: SavedMessageList })
  async list(@Query({ schema: OptionalPage }) page: OptionalPage): Promise<SavedMessageList> {
    return pageOf(await this.saved.list(), page, byName);
  }

  @Post()
  @Leaves('saved-message.created')
  @Editable(UpdateSavedMessage)
  @Describe('Keep a message under a name', { status: 201, schema: SavedMessage })
  create(@CurrentCaller() caller: Caller, @Body({ schema: SaveMessage }) body: SaveMessage): Promise<SavedMessage> {
    return this.saved.create(caller, body);
  }

  @Get(':id')
  @Editable(UpdateSavedMessage)
  @Describe('One of them', { status: 200, schema: SavedMessage })
  find(@Param('id') id: string): Promise<SavedMessage> {
    return this.saved.find(id);
  }

  @Patch(':id')
  @Leaves('saved-message.changed')
  @Editable(UpdateSavedMessage)
  @Describe('Change what it says, its file or its name', { status: 200, schema: SavedMessage })
  update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: UpdateSavedMessage }) body: UpdateSavedMessage,
    @IfMatch() seen: Seen,
  ): Promise<SavedMessage> {
    return this.saved.update(caller, id, body, seen);
  }

  @Delete(':id')
  @Leaves('saved-message.removed')
  @Editable(UpdateSavedMessage)
  @HttpCode(204)
  @Describe('Remove it; blasts that were made from it stay', { status: 204 })
  remove(@Param('id') id: string, @IfMatch() seen: Seen): Promise<void> {
    return this.saved.remove(id, seen);
  }
}
