import { StreamableFile } from '@nestjs/common';
import type { OutgoingMedia } from '../../wa-session/messenger.js';

/** A picture to look at, a document to save. */
export function streamOf({ content, mimeType, kind, fileName }: OutgoingMedia): StreamableFile {
  return new StreamableFile(content, {
    type: mimeType,
    disposition: `${kind === 'image' ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(fileName)}`,
  });
}
