import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type {
  ColumnUse,
  ImportCounts,
  ImportPreview,
  ImportResult,
  RejectedLine,
} from '@koneksi/contracts/contact-import';
import { importReasonText } from '@koneksi/contracts/import-texts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { DataSource, LessThan } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { Gate } from '../../common/gate.js';
import { isUuid } from '../../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { ContactImportEntity } from './contact-import.entity.js';
import { foreseeOutcomes, mergeContacts } from './merge-contacts.js';
import { readImport, type ReadImport, type Rejection } from './read-import.js';

const LIFETIME_MS = 3_600_000;
const SHOWN = 20;

/** From an uploaded file to contacts: looked at as often as people like, then imported whole or not at all. */
@Injectable()
export class ContactImportsService {
  /** Reading takes the processor, importing a connection of the database: two files at once, one for each outlet. */
  private readonly files = new Gate({ atOnce: 2, waiting: 5, patienceMs: 30_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Keeps the file for an hour; what the caller uploaded for this outlet before is forgotten. */
  upload(caller: Caller, outletId: string, content: Buffer, locale: Locale): Promise<ImportPreview> {
    return this.files.pass(outletId, () => this.keep(caller, outletId, content, locale));
  }

  /** The same file with its columns taken as a person says. */
  async choose(outletId: string, id: string, columns: ColumnUse[], locale: Locale): Promise<ImportPreview> {
    requireDistinct(columns);
    return this.files.pass(outletId, async () => {
      const row = await this.require(outletId, id);
      const read = await readImport(row.content, columns);
      await this.dataSource.manager.update(ContactImportEntity, { id: row.id }, { columns });
      return this.preview(row, read, locale);
    });
  }

  commit(outletId: string, id: string, locale: Locale): Promise<ImportResult> {
    return this.files.pass(outletId, async () => {
      const row = await this.require(outletId, id);
      const read = await readImport(row.content, row.columns);
      return this.import(outletId, read, locale, row.id);
    });
  }

  /** Without a look beforehand. */
  importAtOnce(outletId: string, content: Buffer, locale: Locale): Promise<ImportResult> {
    return this.files.pass(outletId, async () => this.import(outletId, await readImport(content, null), locale, null));
  }

  async discard(outletId: string, id: string): Promise<void> {
    const row = await this.require(outletId, id);
    await this.dataSource.manager.delete(ContactImportEntity, { id: row.id });
  }

  @Interval(600_000)
  async forgetExpired(): Promise<void> {
    // Where the database is away, the next time will do.
    await this.dataSource.manager
      .delete(ContactImportEntity, { expiresAt: LessThan(new Date(this.clock.now())) })
      .catch(() => undefined);
  }

  private async keep(caller: Caller, outletId: string, content: Buffer, locale: Locale): Promise<ImportPreview> {
    const read = await readImport(content, null);
    const expiresAt = new Date(this.clock.now() + LIFETIME_MS);
    const row = { id: randomUUID(), outletId, callerId: caller.id, content, columns: null, expiresAt };
    await this.dataSource.transaction(async (manager) => {
      await manager.delete(ContactImportEntity, { outletId, callerId: caller.id });
      await manager.insert(ContactImportEntity, row);
    });
    return this.preview(row, read, locale);
  }

  private async import(
    outletId: string,
    read: ReadImport,
    locale: Locale,
    uploadId: string | null,
  ): Promise<ImportResult> {
    if (!read.columns.some(({ as }) => as.use === 'phone')) {
      throw new ValidationFailed([fieldProblem('columns', 'PHONE_COLUMN_NEEDED')]);
    }
    const merged = await this.dataSource.transaction(async (manager) => {
      if (uploadId) {
        // Of two who commit one preview, one finds it gone.
        const { affected } = await manager.delete(ContactImportEntity, { id: uploadId });
        if (!affected) throw notFound();
      }
      return mergeContacts(manager, outletId, read.drafts, new Date(this.clock.now()));
    });
    const same = read.drafts.length - merged.added - merged.updated;
    return { counts: countsOf(read, { ...merged, same }), rejected: worded(read.rejected, locale) };
  }

  private async preview(
    row: Pick<ContactImportEntity, 'id' | 'outletId' | 'expiresAt'>,
    read: ReadImport,
    locale: Locale,
  ): Promise<ImportPreview> {
    const outcomes = await foreseeOutcomes(this.dataSource.manager, row.outletId, read.drafts);
    const howMany = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
    return {
      id: row.id,
      expiresAt: row.expiresAt.toISOString(),
      encoding: read.encoding,
      delimiter: read.delimiter,
      columns: read.columns,
      counts: countsOf(read, { added: howMany('ADDED'), updated: howMany('UPDATED'), same: howMany('SAME') }),
      landlines: read.rejected.filter(({ reason }) => reason === 'PHONE_LANDLINE').length,
      rows: read.drafts.slice(0, SHOWN).map((draft, index) => ({ ...draft, outcome: outcomes[index]! })),
      rejected: worded(read.rejected, locale),
    };
  }

  private async require(outletId: string, id: string): Promise<ContactImportEntity> {
    const row = isUuid(id) ? await this.dataSource.manager.findOneBy(ContactImportEntity, { id, outletId }) : null;
    if (!row || row.expiresAt.getTime() <= this.clock.now()) throw notFound();
    return row;
  }
}

function countsOf(
  { lines, rejected }: ReadImport,
  counts: Pick<ImportCounts, 'added' | 'updated' | 'same'>,
): ImportCounts {
  return { lines, ...counts, rejected: rejected.length };
}

function worded(rejected: readonly Rejection[], locale: Locale): RejectedLine[] {
  return rejected.map((line) => ({ ...line, message: importReasonText(line.reason, locale) }));
}

/** One column of numbers, at most one of names and of tags, and no field twice. */
function requireDistinct(columns: readonly ColumnUse[]): void {
  const meanings = columns.map((as) => (as.use === 'field' ? `field ${as.field}` : as.use));
  const twice = meanings.flatMap((meaning, index) =>
    meaning !== 'ignore' && meanings.indexOf(meaning) !== index
      ? [fieldProblem(`columns.${index}`, 'COLUMN_TWICE')]
      : [],
  );
  const missing = meanings.includes('phone') ? [] : [fieldProblem('columns', 'PHONE_COLUMN_NEEDED')];
  if (twice.length + missing.length > 0) throw new ValidationFailed([...missing, ...twice]);
}

function notFound(): DomainError {
  return new DomainError('IMPORT_NOT_FOUND', 404, 'no such import is waiting');
}
