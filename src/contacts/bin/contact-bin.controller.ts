import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ContactBinPage,
  ContactBinQuery,
  PurgeContacts,
  PurgedContacts,
  RestoreContacts,
  RestoredContacts,
} from '@koneksi/contracts/bin';
import { Leaves } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { Weigh } from '../../common/turns/turns.js';
import { OutletsService } from '../../outlets/outlets.service.js';
import { ContactBin } from './contact-bin.js';

@ApiTags('contacts')
@Access('all')
@Controller('outlets/:id/contacts/bin')
export class ContactBinController {
  constructor(
    private readonly bin: ContactBin,
    private readonly outlets: OutletsService,
  ) {}

  @Get()
  @Weigh('heavy')
  @Describe('Contacts that were removed and can be brought back for 30 days', { status: 200, schema: ContactBinPage })
  async page(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Query({ schema: ContactBinQuery }) query: ContactBinQuery,
  ): Promise<ContactBinPage> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.bin.page(outlet.id, query);
  }

  @Post('restore')
  @Leaves('contacts.restored', { tells: ['restored', 'left'] })
  @Weigh('heavy')
  @HttpCode(200)
  @Describe('Bring contacts back; those whose number the outlet has again stay', {
    status: 200,
    schema: RestoredContacts,
  })
  async restore(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Body({ schema: RestoreContacts }) which: RestoreContacts,
  ): Promise<RestoredContacts> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.bin.restore(outlet.id, which);
  }

  @Post('empty')
  @Leaves('contacts.purged', { tells: ['deleted'] })
  @Weigh('heavy')
  @HttpCode(200)
  @Describe('Remove contacts from the bin, for good', { status: 200, schema: PurgedContacts })
  async empty(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Body({ schema: PurgeContacts }) which: PurgeContacts,
  ): Promise<PurgedContacts> {
    const outlet = await this.outlets.require(caller, outletId);
    return { deleted: await this.bin.purge(outlet.id, which) };
  }
}
