import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Caller } from '../../auth/caller.js';
import { Gate } from '../../common/gate.js';
import { MediaStore } from './media-store.js';

const READ_WITHIN_MS = 60_000;

/** Hands files out. Each is in memory until whoever asked has read it, so each reads one at a time, and not for ever. */
@Injectable()
export class MediaDownloads {
  private readonly gate = new Gate({ atOnce: 8, waiting: 5, patienceMs: 30_000 });

  constructor(private readonly media: MediaStore) {}

  /** A picture to look at, a document to save. */
  send({ id: callerId }: Caller, mediaId: string, response: Response): Promise<void> {
    return this.gate.pass(callerId, async () => {
      const { content, mimeType, kind, fileName } = await this.media.read(mediaId);
      response.setHeader('content-type', mimeType);
      response.setHeader('content-length', content.length);
      response.setHeader(
        'content-disposition',
        `${kind === 'image' ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      );
      const late = setTimeout(() => response.destroy(), READ_WITHIN_MS);
      response.end(content);
      await finished(response).catch(() => undefined);
      clearTimeout(late);
    });
  }
}
