import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { MEDIA_MAX_BYTES, MEDIA_TYPES } from '@koneksi/contracts/blast-limits';
import { BlastMedia, UploadMediaQuery } from '@koneksi/contracts/blasts';
import type { Request, Response } from 'express';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { DomainError } from '../../common/domain-error.js';
import { Gate } from '../../common/gate.js';
import { isUuid } from '../../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { fileNameFor } from './file-name.js';
import { mediaTypeOf } from './media-kind.js';
import { MediaDownloads } from './media-downloads.js';
import { MediaStore } from './media-store.js';

@ApiTags('blasts')
@Access('all')
@Controller('blasts/media')
export class MediaController {
  /** Each is in memory until it is stored. */
  private readonly uploads = new Gate({ atOnce: 4, waiting: 5, patienceMs: 30_000 });

  constructor(
    private readonly media: MediaStore,
    private readonly downloads: MediaDownloads,
  ) {}

  @Post()
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Describe('Upload a picture or document, as the body, for a blast', { status: 201, schema: BlastMedia })
  upload(
    @CurrentCaller() caller: Caller,
    @Query({ schema: UploadMediaQuery }) { fileName }: UploadMediaQuery,
    @Req() request: Request,
  ): Promise<BlastMedia> {
    return this.uploads.pass(caller.id, async () => {
      const content = await readBody(request);
      const mimeType = mediaTypeOf(content);
      if (!mimeType) throw new ValidationFailed([fieldProblem('file', 'FILE_KIND')]);
      const file = { kind: MEDIA_TYPES[mimeType], mimeType, fileName: fileNameFor(fileName, mimeType) };
      return this.media.save(caller, file, content);
    });
  }

  @Get(':id')
  @Describe('A file that you uploaded, as long as it is kept', { status: 200, text: 'application/octet-stream' })
  async file(@CurrentCaller() caller: Caller, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const media = isUuid(id) ? await this.media.find(caller, id) : null;
    if (!media) throw new DomainError('NOT_FOUND', 404, 'no such file of this caller');
    await this.downloads.send(caller, media.id, response);
  }
}

/** The rest of a file that is too large is read and thrown away, so that the answer reaches who sends it. */
async function readBody(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MEDIA_MAX_BYTES) chunks.push(chunk);
    else if (bytes > 4 * MEDIA_MAX_BYTES) break;
  }
  if (bytes > MEDIA_MAX_BYTES) throw new ValidationFailed([fieldProblem('file', 'FILE_TOO_LARGE')]);
  return Buffer.concat(chunks);
}
