import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OptionalPage } from '@koneksi/contracts/paging';
import {
  CreatedReconnectLink,
  CreateReconnectLink,
  DAY_MINUTES,
  ReconnectLinkList,
} from '@koneksi/contracts/reconnect-links';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { NeedsProof } from '../auth/proof.guard.js';
import { Describe } from '../common/api-docs.js';
import { newestFirst, pageOf } from '../common/short-lists.js';
import { ReconnectLinks } from './reconnect-links.service.js';

@ApiTags('sessions')
@Access('all')
@Controller()
export class ReconnectLinksController {
  constructor(private readonly links: ReconnectLinks) {}

  @Post('outlets/:id/reconnect-links')
  @NeedsProof(({ expiresInMinutes }) => Number(expiresInMinutes ?? 0) > DAY_MINUTES)
  @Leaves('reconnect-link.created', { tells: ['expiresAt'] })
  @Header('Cache-Control', 'no-store')
  @Describe('A link by which somebody without an account connects this outlet, once', {
    status: 201,
    schema: CreatedReconnectLink,
    text: '`url` is shown this once.',
  })
  create(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: CreateReconnectLink }) request: CreateReconnectLink,
  ): Promise<CreatedReconnectLink> {
    return this.links.create(caller, id, request);
  }

  @Get('outlets/:id/reconnect-links')
  @Describe('The links of this outlet that still open, without what opens them', {
    status: 200,
    schema: ReconnectLinkList,
  })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: OptionalPage }) page: OptionalPage,
  ): Promise<ReconnectLinkList> {
    const { items: links, next } = pageOf(await this.links.list(caller, id), page, newestFirst);
    return { links, next };
  }

  @Delete('reconnect-links/:id')
  @Leaves('reconnect-link.revoked')
  @HttpCode(204)
  @Describe('Revoke a link: nobody comes in by it any more, and whoever did is shown out', { status: 204 })
  revoke(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.links.revoke(caller, id);
  }
}
