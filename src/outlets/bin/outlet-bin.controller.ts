import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OutletBinPage, OutletBinQuery } from '@koneksi/contracts/bin';
import { Outlet } from '@koneksi/contracts/outlets';
import { Leaves } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { pageOf } from '../../common/short-lists.js';
import { isFoundBy } from '../domain/wanted-outlets.js';
import { OutletsService } from '../outlets.service.js';
import { OutletBin } from './outlet-bin.js';

const lastRemovedFirst = {
  place: ({ removedAt, id }: { removedAt: string; id: string }): readonly [string, string] => [removedAt, id],
  newestFirst: true,
};

/** Registered before the outlets themselves, so that `:id` does not take it. */
@ApiTags('outlets')
@Access('ADMIN')
@Controller('outlets/bin')
export class OutletBinController {
  constructor(
    private readonly bin: OutletBin,
    private readonly outlets: OutletsService,
  ) {}

  @Get()
  @Describe('Outlets that were removed and can be brought back for 30 days', { status: 200, schema: OutletBinPage })
  async list(@Query({ schema: OutletBinQuery }) query: OutletBinQuery): Promise<OutletBinPage> {
    const found = (await this.bin.list()).filter(isFoundBy(query.search));
    return { count: found.length, ...pageOf(found, query, lastRemovedFirst) };
  }

  @Post(':id/restore')
  @Leaves('outlet.restored')
  @HttpCode(200)
  @Describe('Bring an outlet back, with its contacts, settings and assignments; its phone must be linked again', {
    status: 200,
    schema: Outlet,
  })
  restore(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Outlet> {
    return this.outlets.restore(caller, id);
  }

  @Delete(':id')
  @Leaves('outlet.purged')
  @HttpCode(204)
  @Describe('Remove it from the bin, for good', { status: 204 })
  purge(@Param('id') id: string): Promise<void> {
    return this.bin.forget(id);
  }
}
