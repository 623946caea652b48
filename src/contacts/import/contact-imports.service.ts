import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type {
  ChooseColumns,
  ColumnUse,
  DroppedValues,
  ImportCounts,
  ImportPreview,
  ImportReading,
  ImportResult,
  RejectedLine,
} from '@koneksi/contracts/contact-import';
import { importDropText, importReasonText } from '@koneksi/contracts/import-texts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { DataSource, LessThan } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { Gate } from '../../common/gate.js';
import { OptOuts } from '../../consent/opt-outs.js';
import { violatesForeignKey } from '../../common/postgres-errors.js';
import { isUuid } from '../../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { CONTACT_OUTLET } from '../contact.entity.js';
import { requireRoomForContacts } from '../contact-quota.js';
import { ContactImportEntity } from './contact-import.entity.js';
import { foreseeOutcomes, mergeContacts } from './merge-contacts.js';
import { hasPhone, unsure } from './phone-column.js';
import { readImport, type Choice, type ReadImport, type Rejection } from './read-import.js';

const LIFETIME_MS = 3_600_000;
const SHOWN = 20;
/** What several columns may mean together. */
const REPEATABLE = new Set<string>(['ignore', 'name', 'phone-else', 'opted-out'] satisfies ColumnUse['use'][]);

/** Who imports; nobody where Koneksi itself does. */
type Importer = Pick<Caller, 'id' | 'name'> | null;

/** From an uploaded file to contacts: looked at as often as people like, then imported whole or not at all. */
@Injectable()
export class ContactImportsService {
  /** Reading takes the processor, importing a connection of the database: two files at once, one for each outlet. */
  private readonly files = new Gate({ atOnce: 2, waiting: 5, patienceMs: 30_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly optOuts: OptOuts,
  ) {}

  /** Keeps the file for an hour; what the caller uploaded for this outlet before is forgotten. */
  upload(
    caller: Caller,
    outletId: string,
    content: Buffer,
    reading: ImportReading,
    locale: Locale,
  ): Promise<ImportPreview> {
    return this.files.pass(outletId, () => this.keep(caller, outletId, content, reading, locale));
  }

  /** The same file read, and its columns taken, as a person says. */
  async choose(outletId: string, id: string, chosen: ChooseColumns, locale: Locale): Promise<ImportPreview> {
    if (chosen.columns) requireDistinct(chosen.columns);
    return this.files.pass(outletId, async () => {
      const row = await this.require(outletId, id);
      const choice = { columns: chosen.columns ?? null, reading: chosen.reading ?? row.reading };
      const read = await readImport(row.content, choice);
      await this.dataSource.manager.update(ContactImportEntity, { id: row.id }, choice);
      return this.preview(row, read, locale);
    });
  }

  commit(caller: Caller, outletId: string, id: string, locale: Locale): Promise<ImportResult> {
    return this.files.pass(outletId, async () => {
      const row = await this.require(outletId, id);
      const read = await readImport(row.content, row);
      if (!hasPhone(read)) throw unsure(read, 'columns');
      return this.import(caller, outletId, read, locale, row.id);
    });
  }

  /** Without a look beforehand; a file whose column of numbers is in doubt is refused unless the choice names it. */
  importAtOnce(
    caller: Importer,
    outletId: string,
    content: Buffer,
    choice: Choice,
    locale: Locale,
  ): Promise<ImportResult> {
    return this.files.pass(outletId, async () => {
      const read = await readImport(content, choice);
      if (!hasPhone(read)) throw unsure(read, read.phoneColumn.candidates.length > 0 ? 'phone' : 'columns');
      return this.import(caller, outletId, read, locale, null);
    });
  }

  async discard(outletId: string, id: string): Promise<void> {
    const row = await this.require(outletId, id);
    await this.dataSource.manager.delete(ContactImportEntity, { id: row.id });
  }

  @Interval(600_000)
  async forgetExpired(): Promise<void> {
    // Where the database is away, the next time will do.
    await this.dataSource.manager
      .delete(ContactImportEntity, { expiresAt: LessThan(new Date(this.clock.wall())) })
      .catch(() => undefined);
  }

  private async keep(
    caller: Caller,
    outletId: string,
    content: Buffer,
    reading: ImportReading,
    locale: Locale,
  ): Promise<ImportPreview> {
    const read = await readImport(content, { columns: null, reading });
    const expiresAt = new Date(this.clock.wall() + LIFETIME_MS);
    const row = { id: randomUUID(), outletId, callerId: caller.id, content, columns: null, reading, expiresAt };
    await this.dataSource
      .transaction(async (manager) => {
        await manager.delete(ContactImportEntity, { outletId, callerId: caller.id });
        await manager.insert(ContactImportEntity, row);
      })
      .catch(explain);
    return this.preview(row, read, locale);
  }

  private async import(
    caller: Importer,
    outletId: string,
    read: ReadImport,
    locale: Locale,
    uploadId: string | null,
  ): Promise<ImportResult> {
    const now = new Date(this.clock.wall());
    const stopped = read.drafts.flatMap(({ phone, optedOut }) => (optedOut ? [phone] : []));
    const { merged, optedOut } = await this.dataSource
      .transaction(async (manager) => {
        if (uploadId) {
          // Of two who commit one preview, one finds it gone.
          const { affected } = await manager.delete(ContactImportEntity, { id: uploadId });
          if (!affected) throw notFound();
        }
        const merged = await mergeContacts(manager, outletId, read.drafts, now);
        const optedOut = await this.optOuts.addFromFile(manager, stopped, caller, outletId);
        if (merged.added > 0) await requireRoomForContacts(manager, outletId, 0);
        return { optedOut, merged };
      })
      .catch(explain);
    await this.optOuts.tell(optedOut);
    const same = read.drafts.length - merged.added - merged.updated;
    return {
      counts: countsOf(read, { ...merged, same }),
      optOuts: optedOut.length,
      dropped: wordedDrops(read.dropped, locale),
      rejected: worded(read.rejected, locale),
    };
  }

  private async preview(
    row: Pick<ContactImportEntity, 'id' | 'outletId' | 'expiresAt'>,
    { drafts, rejected, dropped, lines, ...read }: ReadImport,
    locale: Locale,
  ): Promise<ImportPreview> {
    const outcomes = await foreseeOutcomes(this.dataSource.manager, row.outletId, drafts);
    const howMany = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
    const counts = { added: howMany('ADDED'), updated: howMany('UPDATED'), same: howMany('SAME') };
    return {
      id: row.id,
      expiresAt: row.expiresAt.toISOString(),
      ...read,
      counts: countsOf({ lines, rejected }, counts),
      landlines: rejected.filter(({ reason }) => reason === 'PHONE_LANDLINE').length,
      rows: drafts.slice(0, SHOWN).map((draft, index) => ({ ...draft, outcome: outcomes[index]! })),
      optOuts: drafts.filter(({ optedOut }) => optedOut).length,
      dropped: wordedDrops(dropped, locale),
      rejected: worded(rejected, locale),
    };
  }

  private async require(outletId: string, id: string): Promise<ContactImportEntity> {
    const row = isUuid(id) ? await this.dataSource.manager.findOneBy(ContactImportEntity, { id, outletId }) : null;
    if (!row || row.expiresAt.getTime() <= this.clock.wall()) throw notFound();
    return row;
  }
}

export function countsOf(
  { lines, rejected }: Pick<ReadImport, 'lines' | 'rejected'>,
  counts: Pick<ImportCounts, 'added' | 'updated' | 'same'>,
): ImportCounts {
  return { lines, ...counts, rejected: rejected.length };
}

export function worded(rejected: readonly Rejection[], locale: Locale): RejectedLine[] {
  return rejected.map((line) => ({ ...line, message: importReasonText(line.reason, locale) }));
}

export function wordedDrops(dropped: ReadImport['dropped'], locale: Locale): DroppedValues[] {
  return [...dropped].map(([reason, lines]) => ({
    reason,
    count: lines.length,
    lines: lines.slice(0, SHOWN),
    message: importDropText(reason, locale),
  }));
}

/** One column of numbers, at most one of tags and of the others there is one of, and no field twice. */
function requireDistinct(columns: readonly ColumnUse[]): void {
  const meanings = columns.map((as) => (as.use === 'field' ? `field ${as.field}` : as.use));
  const twice = meanings.flatMap((meaning, index) =>
    !REPEATABLE.has(meaning) && meanings.indexOf(meaning) !== index
      ? [fieldProblem(`columns.${index}`, 'COLUMN_TWICE')]
      : [],
  );
  const missing = meanings.includes('phone') ? [] : [fieldProblem('columns', 'PHONE_COLUMN_NEEDED')];
  if (twice.length + missing.length > 0) throw new ValidationFailed([...missing, ...twice]);
}

function notFound(): DomainError {
  return new DomainError('IMPORT_NOT_FOUND', 404, 'no such import is waiting');
}

/** The outlet can go while its file is being read: then it is as gone for who sent the file as for everybody. */
function explain(error: unknown): never {
  if ([CONTACT_OUTLET, 'contact_imports_outlet_id_fkey'].some((key) => violatesForeignKey(error, key))) {
    throw new DomainError('OUTLET_NOT_FOUND', 404, 'the outlet has just been removed');
  }
  throw error;
}
