import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CreateOutlet, Outlet, OutletList, OutletQuery, UpdateOutlet } from '@koneksi/contracts/outlets';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { Editable, IfMatch } from '../common/editing/editable.js';
import type { Seen } from '../common/editing/seen.js';
import { byName, wholeOrPageOf } from '../common/short-lists.js';
import { isWanted } from './domain/wanted-outlets.js';
import { OutletsService } from './outlets.service.js';

/**
 * `GET /outlets/status` belongs to another module, registered before this one, so that `:id` does not take it.
 * Were it ever registered after, `status` would be no id here and answer 404 rather than someone's outlet.
 */
@ApiTags('outlets')
@Controller('outlets')
export class OutletsController {
  constructor(private readonly outlets: OutletsService) {}

  @Get()
  @Access('all')
  @Describe('The outlets that exist for you', { status: 200, schema: OutletList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: OutletQuery }) { after, limit, ...wanted }: OutletQuery,
  ): Promise<OutletList> {
    const outlets = await this.outlets.list(caller);
    return wholeOrPageOf(outlets.filter(isWanted(wanted)), { after, limit }, byName);
  }

  @Post()
  @Leaves('outlet.created')
  @Access('ADMIN')
  @Editable(UpdateOutlet)
  @Describe('Create an outlet', { status: 201, schema: Outlet })
  create(@Body({ schema: CreateOutlet }) request: CreateOutlet): Promise<Outlet> {
    return this.outlets.create(request);
  }

  @Get(':id')
  @Access('all')
  @Editable(UpdateOutlet)
  @Describe('One outlet', { status: 200, schema: Outlet })
  find(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Outlet> {
    return this.outlets.require(caller, id);
  }

  // `all` here and below: a foreign outlet is not found before a role can be too small for it.
  @Patch(':id')
  @Leaves('outlet.changed')
  @Access('all')
  @Editable(UpdateOutlet)
  @Describe('Change an outlet (ADMIN)', { status: 200, schema: Outlet })
  update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: UpdateOutlet }) request: UpdateOutlet,
    @IfMatch() seen: Seen,
  ): Promise<Outlet> {
    return this.outlets.update(caller, id, request, seen);
  }

  @Delete(':id')
  @Leaves('outlet.removed')
  @HttpCode(204)
  @Access('all')
  @Editable(UpdateOutlet)
  @Describe('Remove an outlet and its link; for 30 days it can be brought back from the bin (ADMIN)', { status: 204 })
  remove(@CurrentCaller() caller: Caller, @Param('id') id: string, @IfMatch() seen: Seen): Promise<void> {
    return this.outlets.remove(caller, id, seen);
  }
}
