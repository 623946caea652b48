import { Injectable } from '@nestjs/common';
import { MAX_IMPORT_BYTES } from '@koneksi/contracts/contact-import';
import busboy from 'busboy';
import type { Request } from 'express';
import { Bodies, wholeBody, type BodyReader } from '../common/bodies/bodies.js';
import { DomainError } from '../common/domain-error.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { tooLarge } from './table.js';

/** What browsers and programs call files of lines: CSV, workbooks, address books (`text/vcard`). */
const FILE_TYPES = [
  'text/*',
  'application/csv',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/octet-stream',
];

/** Boundaries and headers around the file of a form. */
const FORM_BYTES = 16 * 1024;
const FORM_LIMITS = { fields: 0, files: 1, parts: 2, fileSize: MAX_IMPORT_BYTES, fieldNameSize: 100, headerPairs: 20 };

/** Files of people: the body itself, or the part `file` of a form. */
@Injectable()
export class FileUploads {
  constructor(private readonly bodies: Bodies) {}

  /**
   * What `work` makes of the file. Only for who may import it: nothing of it is read before.
   * @throws `IMPORT_TOO_LARGE`; `UNSUPPORTED_MEDIA_TYPE`; `VALIDATION_FAILED` naming `file` where none came
   */
  read<T>({ id }: { id: string }, request: Request, work: (content: Buffer) => Promise<T>): Promise<T> {
    if (!('transfer-encoding' in request.headers) && !Number(request.headers['content-length'])) throw missing();
    if (request.is('multipart/form-data')) {
      return this.bodies.file(id, request, MAX_IMPORT_BYTES + FORM_BYTES, fileOfForm(request), work);
    }
    if (!request.is(FILE_TYPES)) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 415, 'the body is no file of lines');
    return this.bodies.file(id, request, MAX_IMPORT_BYTES, { ...wholeBody(), tooLarge }, work);
  }
}

/** The one part of a form that is a file; any other ends the reading before it is kept. */
function fileOfForm(request: Request): BodyReader<Buffer> {
  const form = formOf(request);
  const chunks: Buffer[] = [];
  let found = false;
  let fault: DomainError | null = null;
  const refuse = (reason: DomainError) => (): void => void (fault ??= reason);
  form.on('file', (name, file) => {
    if (name !== 'file') refuse(missing())();
    found = true;
    file.on('data', (chunk: Buffer) => chunks.push(chunk));
    file.on('limit', refuse(tooLarge()));
    file.on('error', refuse(unreadable()));
  });
  for (const limit of ['fieldsLimit', 'filesLimit', 'partsLimit', 'field'] as const)
    form.on(limit, refuse(unreadable()));
  form.on('error', refuse(unreadable()));
  const refuseFaulty = (): void => {
    if (fault) throw fault;
  };
  return {
    tooLarge,
    take: (chunk) => {
      form.write(chunk);
      refuseFaulty();
    },
    whole: async () => {
      await new Promise<void>((resolve) =>
        form
          .once('close', resolve)
          .once('error', () => resolve())
          .end(),
      );
      refuseFaulty();
      if (!found) throw missing();
      return Buffer.concat(chunks);
    },
  };
}

function formOf({ headers }: Request): busboy.Busboy {
  try {
    return busboy({ headers, limits: FORM_LIMITS });
  } catch {
    throw unreadable();
  }
}

const missing = (): ValidationFailed => new ValidationFailed([fieldProblem('file', 'FILE_NEEDED')]);
const unreadable = (): DomainError => new DomainError('BAD_REQUEST', 400, 'the form is more than one file, or broken');
