import {
  Body,
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { BlastPreview } from '@koneksi/contracts/blast-preview';
import { ChangedRecipients, RecipientPage, RecipientQuery, ResolveUnknown } from '@koneksi/contracts/blast-recipients';
import {
  AudienceCount,
  BlastCreated,
  BlastVocabulary,
  CountAudience,
  CreateBlast,
  PreviewBlast,
  TestBlast,
  TestBlastAnswer,
} from '@koneksi/contracts/blast-requests';
import { Blast, BlastForecast, BlastPage, BlastQuery, BlastTimeline } from '@koneksi/contracts/blasts';
import type { Response } from 'express';
import { Leaves, LeavesNothing } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { DomainError } from '../common/domain-error.js';
import { localeOf } from '../common/locale.js';
import { toLimit } from '../common/quota-reached.js';
import { tellLimits } from '../common/rate-limits.js';
import { Weigh } from '../common/turns/turns.js';
import { ChangesNothing, idempotencyKeyOf, KeepsKeyItself, markReplayed } from '../idempotency/idempotency-key.js';
import { BlastForecasts } from './blast-forecast.js';
import { BlastControl } from './blast-control.js';
import { BlastPreviewer } from './blast-preview.js';
import { BlastReader } from './blast-reader.js';
import { BlastsService } from './blasts.service.js';
import { readPasted } from './domain/pasted-numbers.js';
import { OpenWork } from './open-work.js';
import { MediaDownloads } from './media/media-downloads.js';
import { RecipientReader } from './recipient-reader.js';
import { TestSend } from './test-send.js';

/** `all`: a USER reaches what their outlets have part in, and changes what is theirs alone. */
@ApiTags('blasts')
@Access('all')
@Controller('blasts')
export class BlastsController {
  constructor(
    private readonly blasts: BlastsService,
    private readonly open: OpenWork,
    private readonly previewer: BlastPreviewer,
    private readonly control: BlastControl,
    private readonly reader: BlastReader,
    private readonly forecasts: BlastForecasts,
    private readonly recipients: RecipientReader,
    private readonly testSend: TestSend,
    private readonly downloads: MediaDownloads,
  ) {}

  @Post('preview')
  @LeavesNothing('it only looks')
  @ChangesNothing()
  @Weigh('own')
  @HttpCode(200)
  @Describe('What a blast would do; nothing is created', { status: 200, schema: BlastPreview })
  preview(
    @CurrentCaller() caller: Caller,
    @Body({ schema: PreviewBlast }) body: PreviewBlast,
    @Headers('accept-language') language?: string,
  ): Promise<BlastPreview> {
    return this.previewer.preview(caller, body, localeOf(language));
  }

  @Post('count')
  @LeavesNothing('it only looks')
  @ChangesNothing()
  @HttpCode(200)
  @Weigh('own')
  @Describe('How many a blast to an audience would reach', { status: 200, schema: AudienceCount })
  count(@CurrentCaller() caller: Caller, @Body({ schema: CountAudience }) body: CountAudience): Promise<AudienceCount> {
    return this.blasts.count(caller, body);
  }

  @Post('test')
  @Leaves('blast.tested')
  @Weigh('own')
  @HttpCode(200)
  @Describe('Send one message now, and wait for WhatsApp’s word', { status: 200, schema: TestBlastAnswer })
  test(@CurrentCaller() caller: Caller, @Body({ schema: TestBlast }) body: TestBlast): Promise<TestBlastAnswer> {
    return this.testSend.send(caller, body);
  }

  @Post()
  @Leaves('blast.created', { tells: ['title', 'scheduledAt', 'notAfter'] })
  @Weigh('own')
  @KeepsKeyItself()
  @Describe('Start a blast, or schedule it', { status: 201, schema: BlastCreated })
  async create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: CreateBlast }) body: CreateBlast,
    @Res({ passthrough: true }) response: Response,
    @Headers('idempotency-key') key?: string,
    @Headers('accept-language') language?: string,
  ): Promise<BlastCreated> {
    const { id, isEarlier } = await this.blasts.create(caller, body, idempotencyKeyOf(key), localeOf(language));
    if (isEarlier) markReplayed(response);
    const { blasts, recipients } = await this.open.quotas(caller);
    tellLimits(response, toLimit(blasts), toLimit(recipients));
    return { id, noNumbers: readPasted(body.audience).noNumbers };
  }

  @Get()
  @Weigh('heavy')
  @Describe('Blasts that reach an outlet of yours, newest first', { status: 200, schema: BlastPage })
  list(@CurrentCaller() caller: Caller, @Query({ schema: BlastQuery }) query: BlastQuery): Promise<BlastPage> {
    return this.reader.page(caller, query);
  }

  @Get('vocabulary')
  @Weigh('own')
  @Describe('The fields and tags that contacts of your outlets have', { status: 200, schema: BlastVocabulary })
  vocabulary(@CurrentCaller() caller: Caller): Promise<BlastVocabulary> {
    return this.blasts.vocabulary(caller);
  }

  @Get(':id')
  @Describe('One blast, with totals per outlet', { status: 200, schema: Blast })
  find(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Blast> {
    return this.reader.require(caller, id);
  }

  @Get(':id/forecast')
  @Weigh('heavy')
  @Describe('When what is left of it will be out, and why then', { status: 200, schema: BlastForecast })
  async forecast(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<BlastForecast> {
    const blast = await this.reader.require(caller, id);
    return this.forecasts.of(caller, blast.id);
  }

  @Get(':id/media')
  @Weigh('own')
  @Describe('The picture or document it carries', { status: 200, text: 'application/octet-stream' })
  async file(@CurrentCaller() caller: Caller, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const { media } = await this.reader.require(caller, id);
    if (!media) throw new DomainError('BLAST_NOT_FOUND', 404, 'the blast carries no file');
    await this.downloads.send(caller, media.id, response);
  }

  @Get(':id/recipients')
  @Weigh('heavy')
  @Describe('Its recipients, in order', { status: 200, schema: RecipientPage })
  async page(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: RecipientQuery }) query: RecipientQuery,
  ): Promise<RecipientPage> {
    const blast = await this.reader.require(caller, id);
    return this.recipients.page(caller, blast.id, query);
  }

  @Get(':id/recipients.csv')
  @Weigh('heavy')
  @Header('Cache-Control', 'no-store')
  @Describe('All its recipients, as a file', { status: 200, text: 'text/csv' })
  async csv(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('accept-language') language?: string,
  ): Promise<StreamableFile> {
    const blast = await this.reader.require(caller, id);
    return new StreamableFile(await this.recipients.file(caller, blast.id, localeOf(language)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="blast-${blast.id}.csv"`,
    });
  }

  @Get(':id/timeline')
  @Weigh('heavy')
  @Describe('How it went over time', { status: 200, schema: BlastTimeline })
  async timeline(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<BlastTimeline> {
    const blast = await this.reader.require(caller, id);
    const [timeline, forecast] = await Promise.all([
      this.recipients.timeline(caller, blast.id),
      this.forecasts.of(caller, blast.id),
    ]);
    return { ...timeline, forecast };
  }

  @Post(':id/start')
  @Leaves('blast.started')
  @HttpCode(200)
  @Describe('Start a scheduled blast now', { status: 200, schema: Blast })
  start(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Blast> {
    return this.control.start(caller, id);
  }

  @Post(':id/pause')
  @Leaves('blast.paused')
  @HttpCode(200)
  @Describe('Pause a blast', { status: 200, schema: Blast })
  pause(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Blast> {
    return this.control.pause(caller, id);
  }

  @Post(':id/resume')
  @Leaves('blast.resumed')
  @HttpCode(200)
  @Describe('Resume a blast, or an outlet that stopped after refusals', { status: 200, schema: Blast })
  resume(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Blast> {
    return this.control.resume(caller, id);
  }

  @Post(':id/cancel')
  @Leaves('blast.cancelled')
  @HttpCode(200)
  @Describe('Cancel a blast: who is still queued gets nothing', { status: 200, schema: Blast })
  cancel(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Blast> {
    return this.control.cancel(caller, id);
  }

  @Post(':id/retry')
  @Leaves('blast.retried', { tells: ['recipients'] })
  @HttpCode(200)
  @Describe(
    'Queue again the failed ones, and those left out as TOO_OFTEN who are not any more; under the same message ids',
    { status: 200, schema: ChangedRecipients },
  )
  retry(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<ChangedRecipients> {
    return this.control.retry(caller, id);
  }

  @Post(':id/resolve')
  @Leaves('blast.resolved', { tells: ['as', 'recipients'] })
  @HttpCode(200)
  @Describe('Say what became of the unknown ones', { status: 200, schema: ChangedRecipients })
  resolve(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: ResolveUnknown }) body: ResolveUnknown,
  ): Promise<ChangedRecipients> {
    return this.control.resolve(caller, id, body);
  }
}
