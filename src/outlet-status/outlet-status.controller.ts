import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import {
  OutletStatus,
  OutletStatusDocument,
  StatusHistoryAnswer,
  TimelineAnswer,
} from '@koneksi/contracts/outlet-status-schema';
import { HistoryQuery, StatusQuery, TimelineQuery } from '@koneksi/contracts/status-queries';
import { LeavesNothing } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { DomainError } from '../common/domain-error.js';
import { localeOf } from '../common/locale.js';
import { Weigh } from '../common/turns/turns.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { StatusChanges } from './status-changes.js';
import { StatusDocuments } from './status-documents.js';
import { sendDocument } from './send-document.js';
import { StatusLog } from '../status-log/status-log.js';
import { StatusRefresh } from './status-refresh.js';
import { StatusTimeline } from '../status-log/status-timeline.js';
import { ChangesNothing } from '../idempotency/idempotency-key.js';
import { StatusView } from './status-view.js';

@ApiTags('status')
@Controller('outlets')
export class OutletStatusController {
  constructor(
    private readonly view: StatusView,
    private readonly documents: StatusDocuments,
    private readonly changes: StatusChanges,
    private readonly refreshing: StatusRefresh,
    private readonly log: StatusLog,
    private readonly timelines: StatusTimeline,
    private readonly outlets: OutletsService,
  ) {}

  @Get('status')
  @Weigh('own')
  @Access('all')
  @Describe('Both truths of every outlet you may see, or what changed `since`', {
    status: 200,
    schema: OutletStatusDocument,
  })
  async status(
    @CurrentCaller() caller: Caller,
    @Query({ schema: StatusQuery }) filter: StatusQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { since } = filter;
    const locale = localeOf(request.headers['accept-language']);
    const document =
      since === undefined
        ? await this.documents.of(caller, locale, filter)
        : await this.changes.since(caller, locale, since);
    await sendDocument(request, response, document);
  }

  @Post('status/refresh')
  @LeavesNothing('it only looks')
  @ChangesNothing()
  @Weigh('own')
  @HttpCode(200)
  @Access('all')
  @Describe('Verify live with a round trip to WhatsApp, reconcile, then answer', {
    status: 200,
    schema: OutletStatusDocument,
  })
  async refresh(@CurrentCaller() caller: Caller, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.refreshing.verify(caller);
    await sendDocument(
      request,
      response,
      await this.documents.of(caller, localeOf(request.headers['accept-language'])),
    );
  }

  @Get('timeline')
  @Weigh('heavy')
  @Access('all')
  @Describe('What every outlet you may see went through in the last hours', { status: 200, schema: TimelineAnswer })
  async timeline(
    @CurrentCaller() caller: Caller,
    @Query({ schema: TimelineQuery }) { hours }: TimelineQuery,
  ): Promise<TimelineAnswer> {
    return this.timelines.of(await this.outlets.list(caller), hours);
  }

  @Get(':id/status')
  @Access('all')
  @Describe('Both truths of one outlet', { status: 200, schema: OutletStatus })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('accept-language') language?: string,
  ): Promise<OutletStatus> {
    const outlet = await this.outlets.require(caller, id);
    const [status] = await this.view.read([outlet.id], localeOf(language));
    if (!status) throw new DomainError('OUTLET_NOT_FOUND', 404, 'the outlet was removed meanwhile');
    return status;
  }

  @Get(':id/history')
  @Weigh('heavy')
  @Access('all')
  @Describe('What happened to this outlet, newest first', { status: 200, schema: StatusHistoryAnswer })
  async history(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: HistoryQuery }) range: HistoryQuery,
    @Headers('accept-language') language?: string,
  ): Promise<StatusHistoryAnswer> {
    const outlet = await this.outlets.require(caller, id);
    return { success: true, outletId: outlet.id, ...(await this.log.history(outlet.id, range, localeOf(language))) };
  }
}
