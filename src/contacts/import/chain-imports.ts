import type { ChainImportQuery, ChainImportResult, ImportDrop, ImportOutcome } from '@koneksi/contracts/contact-import';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { unguardCell } from '@koneksi/contracts/spreadsheet-cell';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { Gate } from '../../common/gate.js';
import { giveWay } from '../../common/give-way.js';
import { violatesForeignKey } from '../../common/postgres-errors.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { withoutDeadlock } from '../../common/without-deadlock.js';
import { OptOuts } from '../../consent/opt-outs.js';
import { OutletsService } from '../../outlets/outlets.service.js';
import { columnAt, LONGEST_VALUE } from '../../spreadsheets/body.js';
import type { TableRecord } from '../../spreadsheets/table.js';
import { CONTACT_OUTLET } from '../contact.entity.js';
import { requireRoomForContacts } from '../contact-quota.js';
import { saysNoMessages } from '../domain/import-line.js';
import { guessOutletColumn, outletFinder } from '../domain/outlet-column.js';
import { countsOf, worded, wordedDrops } from './contact-imports.service.js';
import { foreseeOutcomes, mergeContacts } from './merge-contacts.js';
import { hasPhone, unsure } from './phone-column.js';
import { divide, noteDrop, noteSheets, openImport, type ReadImport, type Rejection } from './read-import.js';

type Share = Pick<ReadImport, 'drafts'> & { outlet: Pick<Outlet, 'id' | 'name'> };
type Counts = Omit<ChainImportResult['outlets'][number], 'outletId' | 'name'>;

interface ReadChain {
  file: Awaited<ReturnType<typeof openImport>>;
  outletColumn: number | null;
  shares: Share[];
  rejected: Rejection[];
  dropped: ReadImport['dropped'];
}

/** One file for many outlets, told apart by a column of it: seen first, then taken in as a whole or not at all. */
@Injectable()
export class ChainImports {
  private readonly files = new Gate({ atOnce: 1, waiting: 3, patienceMs: 30_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly outlets: OutletsService,
    private readonly optOuts: OptOuts,
  ) {}

  /** @throws `OUTLET_NOT_FOUND` where one of them goes in the same moment; nothing is taken in then */
  import(caller: Caller, content: Buffer, query: ChainImportQuery, locale: Locale): Promise<ChainImportResult> {
    return this.files.pass(caller.id, async () => {
      const read = await this.read(caller, content, query);
      if (query.look === 'true') {
        const counts: Counts[] = [];
        for (const share of read.shares) counts.push(await this.foresee(share));
        const optOuts = read.shares.flatMap(({ drafts }) => drafts.filter(({ optedOut }) => optedOut)).length;
        return told(read, counts, optOuts, locale);
      }
      if (!hasPhone(read.file)) throw unsure(read.file, 'phone');
      if (read.outletColumn === null) throw new ValidationFailed([fieldProblem('outlet', 'COLUMN_UNKNOWN')]);
      const { counts, optedOut } = await withoutDeadlock(() => this.takeIn(caller, read.shares)).catch(explain);
      await this.optOuts.tell(optedOut);
      return told(read, counts, optedOut.length, locale);
    });
  }

  private async read(caller: Caller, content: Buffer, query: ChainImportQuery): Promise<ReadChain> {
    const { look: _, outlet, phone, ...reading } = query;
    const file = await openImport(content, { columns: null, reading, phone });
    const outletColumn =
      outlet === undefined ? guessOutletColumn(file.headers) : columnAt(file.headers, outlet, file.columns.length);
    if (outlet !== undefined && outletColumn === null) {
      throw new ValidationFailed([fieldProblem('outlet', 'COLUMN_UNKNOWN')]);
    }
    if (outletColumn !== null) file.columns[outletColumn]!.as = { use: 'ignore' };
    const read: ReadChain = { file, outletColumn, shares: [], rejected: [], dropped: new Map() };
    noteSheets(read.dropped, file.elsewhere);
    if (outletColumn === null || !hasPhone(file)) return read;
    const find = outletFinder(await this.outlets.list(caller));
    const groups = new Map<Share['outlet'], TableRecord[]>();
    const uses = file.columns.map(({ as }) => as);
    const way = giveWay();
    for (const record of file.records) {
      if (way.isDue()) await way.give();
      const cell = unguardCell(record.cells[outletColumn] ?? '');
      const found = find(cell);
      if (typeof found === 'string' && record.isHidden && !saysNoMessages(record.cells, uses)) {
        noteDrop(read.dropped, 'ROW_HIDDEN', record.line);
      } else if (typeof found === 'string') {
        read.rejected.push({ line: record.line, value: cell.slice(0, LONGEST_VALUE), reason: found });
      } else if (groups.has(found)) groups.get(found)!.push(record);
      else groups.set(found, [record]);
    }
    for (const [of, records] of groups) {
      const { drafts, rejected, dropped } = await divide(records, file.columns, way);
      read.shares.push({ outlet: of, drafts });
      for (const one of rejected) read.rejected.push(one);
      for (const [drop, lines] of dropped) {
        const all = read.dropped.get(drop) ?? [];
        for (const line of lines) all.push(line);
        read.dropped.set(drop, all);
      }
    }
    read.rejected.sort((a, b) => a.line - b.line);
    // Two files at once take the same outlets in the same order.
    read.shares.sort((a, b) => (a.outlet.id < b.outlet.id ? -1 : 1));
    return read;
  }

  private async foresee({ outlet, drafts }: Share): Promise<Counts> {
    const outcomes = await foreseeOutcomes(this.dataSource.manager, outlet.id, drafts);
    const howMany = (wanted: ImportOutcome): number => outcomes.filter((outcome) => outcome === wanted).length;
    return { added: howMany('ADDED'), updated: howMany('UPDATED'), same: howMany('SAME') };
  }

  private takeIn(caller: Caller, shares: readonly Share[]): Promise<{ counts: Counts[]; optedOut: string[] }> {
    const now = new Date(this.clock.wall());
    return this.dataSource.transaction(async (manager) => {
      const counts: Counts[] = [];
      for (const { outlet, drafts } of shares) {
        const merged = await mergeContacts(manager, outlet.id, drafts, now);
        counts.push({ ...merged, same: drafts.length - merged.added - merged.updated });
      }
      const optedOut: string[] = [];
      for (const { outlet, drafts } of shares) {
        const stopped = drafts.flatMap((draft) => (draft.optedOut ? [draft.phone] : []));
        optedOut.push(...(await this.optOuts.addFromFile(manager, stopped, caller, outlet.id)));
      }
      // Merging takes long; from here on nobody else adds to these outlets until this is written.
      for (const [index, { outlet }] of shares.entries())
        if (counts[index]!.added > 0) await requireRoomForContacts(manager, outlet.id, 0);
      return { counts, optedOut };
    });
  }
}

function told(read: ReadChain, counts: readonly Counts[], optOuts: number, locale: Locale): ChainImportResult {
  const { headers: _, records, elsewhere: __, ...file } = read.file;
  const sum = (field: keyof Counts): number => counts.reduce((all, one) => all + one[field], 0);
  const dropped = new Map<ImportDrop, number[]>(
    [...read.dropped].map(([drop, lines]) => [drop, lines.toSorted((a, b) => a - b)]),
  );
  return {
    ...file,
    outletColumn: read.outletColumn,
    counts: countsOf(
      { lines: records.length, rejected: read.rejected },
      { added: sum('added'), updated: sum('updated'), same: sum('same') },
    ),
    outlets: read.shares
      .map(({ outlet: { id, name } }, index) => ({ outletId: id, name, ...counts[index]! }))
      .sort((a, b) => a.name.localeCompare(b.name, 'id')),
    optOuts,
    dropped: wordedDrops(dropped, locale),
    rejected: worded(read.rejected, locale),
  };
}

/** An outlet can go while the file is being read. */
function explain(error: unknown): never {
  if (!violatesForeignKey(error, CONTACT_OUTLET)) throw error;
  throw new DomainError('OUTLET_NOT_FOUND', 404, 'an outlet of the file has just been removed');
}
