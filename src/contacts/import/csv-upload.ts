import { Injectable, PayloadTooLargeException, type CallHandler, type ExecutionContext } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { MAX_IMPORT_BYTES } from '@koneksi/contracts/contact-import';
import type { Request } from 'express';
import getRawBody from 'raw-body';
import type { Observable } from 'rxjs';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { tooLarge } from './read-csv.js';

/** A file of contacts in memory; the property that Nest's `@UploadedFile()` reads. */
type Upload = Request & { file?: { buffer: Buffer } };

/** What browsers and programs call a CSV file. */
const CSV_TYPES = ['text/*', 'application/csv', 'application/vnd.ms-excel', 'application/octet-stream'];

/** The uploaded file: the body itself, or the part `file` of a form. Read only once the guard let the caller in. */
@Injectable()
export class CsvUpload extends FileInterceptor('file', { limits: { fileSize: MAX_IMPORT_BYTES, files: 1 } }) {
  override async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Upload>();
    if (request.is('multipart/form-data')) {
      return Promise.resolve(super.intercept(context, next)).catch((error: unknown) => {
        throw error instanceof PayloadTooLargeException ? tooLarge() : error;
      });
    }
    if (request.is(CSV_TYPES)) request.file = { buffer: await bodyOf(request) };
    return next.handle();
  }
}

/** @throws `VALIDATION_FAILED` naming `file` where none came */
export function contentOf(file: { buffer: Buffer } | undefined): Buffer {
  if (!file) throw new ValidationFailed([fieldProblem('file', 'FILE_NEEDED')]);
  return file.buffer;
}

async function bodyOf(request: Request): Promise<Buffer> {
  try {
    return await getRawBody(request, { limit: MAX_IMPORT_BYTES });
  } catch (error) {
    throw (error as { type?: unknown }).type === 'entity.too.large' ? tooLarge() : error;
  }
}
