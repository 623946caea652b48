import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  Contact,
  ContactExportQuery,
  ContactPage,
  ContactQuery,
  CreateContact,
  DeleteContacts,
  DeletedContacts,
  TagCount,
  UpdateContact,
} from '@koneksi/contracts/contacts';
import type { Response } from 'express';
import * as z from 'zod';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { Editable, IfMatch } from '../common/editing/editable.js';
import type { Seen } from '../common/editing/seen.js';
import { localeOf } from '../common/locale.js';
import { toLimit } from '../common/quota-reached.js';
import { tellLimits } from '../common/rate-limits.js';
import { Weigh } from '../common/turns/turns.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { ContactExport } from './contact-export.js';
import { ContactList } from './contact-list.js';
import { ContactsService } from './contacts.service.js';

/** Everyone manages the contacts of the outlets that exist for them. */
@ApiTags('contacts')
@Access('all')
@Controller()
export class ContactsController {
  constructor(
    private readonly contacts: ContactsService,
    private readonly contactList: ContactList,
    private readonly contactExport: ContactExport,
    private readonly outlets: OutletsService,
  ) {}

  @Get('outlets/:id/contacts')
  @Weigh('heavy')
  @Describe('The contacts of an outlet, searched and a page at a time', { status: 200, schema: ContactPage })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Query({ schema: ContactQuery }) query: ContactQuery,
  ): Promise<ContactPage> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.contactList.page(outlet.id, query);
  }

  @Post('outlets/:id/contacts')
  @Leaves('contact.created')
  @Editable(UpdateContact)
  @Describe('Add a contact', { status: 201, schema: Contact })
  async create(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Body({ schema: CreateContact }) request: CreateContact,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Contact> {
    const outlet = await this.outlets.require(caller, outletId);
    const { contact, quota } = await this.contacts.create(outlet.id, request);
    tellLimits(response, toLimit(quota));
    return contact;
  }

  @Get('outlets/:id/contacts/tags')
  @Weigh('heavy')
  @Describe('The tags in use, most used first', { status: 200, schema: z.array(TagCount) })
  async tags(@CurrentCaller() caller: Caller, @Param('id') outletId: string): Promise<TagCount[]> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.contactList.tags(outlet.id);
  }

  @Get('outlets/:id/contacts/export')
  @Weigh('own')
  @ApiProduces('text/csv')
  @Describe('The contacts as a CSV file, safe to open in a spreadsheet', { status: 200, text: 'text/csv' })
  async export(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Query({ schema: ContactExportQuery }) query: ContactExportQuery,
    @Headers('accept-language') language?: string,
  ): Promise<StreamableFile> {
    const outlet = await this.outlets.require(caller, outletId);
    const csv = await this.contactExport.csv(outlet.id, query, localeOf(language));
    const disposition = `attachment; filename="contacts-${outlet.whatsappNumber}.csv"`;
    return new StreamableFile(csv, { type: 'text/csv; charset=utf-8', disposition });
  }

  @Post('outlets/:id/contacts/delete')
  @Leaves('contacts.removed', { tells: ['deleted'] })
  @Weigh('heavy')
  @HttpCode(200)
  @Describe('Delete many contacts; for 30 days they can be brought back from the bin', {
    status: 200,
    schema: DeletedContacts,
  })
  async removeMany(
    @CurrentCaller() caller: Caller,
    @Param('id') outletId: string,
    @Body({ schema: DeleteContacts }) which: DeleteContacts,
  ): Promise<DeletedContacts> {
    const outlet = await this.outlets.require(caller, outletId);
    return this.contacts.removeMany(caller, outlet.id, which);
  }

  @Get('contacts/:id')
  @Editable(UpdateContact)
  @Describe('One contact', { status: 200, schema: Contact })
  find(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Contact> {
    return this.contacts.require(caller, id);
  }

  @Patch('contacts/:id')
  @Leaves('contact.changed')
  @Editable(UpdateContact)
  @Describe('Change a contact', { status: 200, schema: Contact })
  update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: UpdateContact }) request: UpdateContact,
    @IfMatch() seen: Seen,
  ): Promise<Contact> {
    return this.contacts.update(caller, id, request, seen);
  }

  @Delete('contacts/:id')
  @Leaves('contact.removed')
  @Editable(UpdateContact)
  @HttpCode(204)
  @Describe('Delete a contact; for 30 days it can be brought back from the bin', { status: 204 })
  remove(@CurrentCaller() caller: Caller, @Param('id') id: string, @IfMatch() seen: Seen): Promise<void> {
    return this.contacts.remove(caller, id, seen);
  }
}
