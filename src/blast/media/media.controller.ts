import { Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MEDIA_MAX_BYTES, THUMBNAIL_MAX_BYTES } from '@koneksi/contracts/blast-limits';
import { BlastMedia, UploadMediaQuery } from '@koneksi/contracts/blast-content';
import type { Request, Response } from 'express';
import { Leaves, LeavesNothing } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Bodies, wholeBody } from '../../common/bodies/bodies.js';
import { TakesFile } from '../../common/bodies/json-bodies.js';
import { Describe, DescribeUpload } from '../../common/api-docs.js';
import { DomainError } from '../../common/domain-error.js';
import { toLimit } from '../../common/quota-reached.js';
import { tellLimits } from '../../common/rate-limits.js';
import { Weigh } from '../../common/turns/turns.js';
import { isUuid } from '../../common/uuid.js';
import { MediaDownloads } from './media-downloads.js';
import { MediaStore } from './media-store.js';
import { openFile, refused } from './opened-file.js';
import { openThumbnail } from './picture.js';

@ApiTags('blasts')
@Access('all')
@Controller('blasts/media')
export class MediaController {
  constructor(
    private readonly bodies: Bodies,
    private readonly media: MediaStore,
    private readonly downloads: MediaDownloads,
  ) {}

  @Post()
  @Leaves('blast.file-uploaded', { tells: ['fileName', 'kind', 'bytes'] })
  @Weigh('own')
  @TakesFile()
  @DescribeUpload('application/octet-stream')
  @Describe('Upload a picture or document, as the body, for a blast', { status: 201, schema: BlastMedia })
  upload(
    @CurrentCaller() caller: Caller,
    @Query({ schema: UploadMediaQuery }) { fileName }: UploadMediaQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BlastMedia> {
    return this.bodies.file(caller.id, request, MEDIA_MAX_BYTES, wholeBody(), async (content) => {
      const opened = await openFile(content, fileName);
      const saved = await this.media.save(caller, opened.file, opened.content);
      tellLimits(response, toLimit(await this.media.quota(caller)));
      return saved;
    });
  }

  @Put(':id/thumbnail')
  @LeavesNothing('the film was uploaded a moment ago, which left a line')
  @HttpCode(204)
  @Weigh('own')
  @TakesFile()
  @DescribeUpload('application/octet-stream')
  @Describe('What phones show of a film before they have it, as a picture; until a blast carries the film', {
    status: 204,
  })
  thumbnail(@CurrentCaller() caller: Caller, @Param('id') id: string, @Req() request: Request): Promise<void> {
    return this.bodies.file(caller.id, request, THUMBNAIL_MAX_BYTES, wholeBody(), async (content) => {
      const thumbnail = await openThumbnail(content);
      if (typeof thumbnail === 'string') throw refused(thumbnail);
      if (!isUuid(id) || !(await this.media.illustrate(caller, id, thumbnail)))
        throw new DomainError('NOT_FOUND', 404, 'no film of this caller that no blast carries yet');
    });
  }

  @Get(':id')
  @Weigh('own')
  @Describe('A file that you uploaded or that a blast you see carries, as long as it is kept', {
    status: 200,
    text: 'application/octet-stream',
  })
  async file(@CurrentCaller() caller: Caller, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const media = isUuid(id) ? await this.media.find(caller, id) : null;
    if (!media) throw new DomainError('NOT_FOUND', 404, 'no such file for this caller');
    await this.downloads.send(caller, media.id, response);
  }
}
