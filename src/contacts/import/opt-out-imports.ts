import type { ImportDrop, OptOutFileResult } from '@koneksi/contracts/contact-import';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Gate } from '../../common/gate.js';
import { OptOuts } from '../../consent/opt-outs.js';
import { worded, wordedDrops } from './contact-imports.service.js';
import { hasPhone, unsure } from './phone-column.js';
import { readImport, type Choice } from './read-import.js';

/** What of a line concerns who is opted out; names, fields and tags are not taken here. */
const TOLD: ReadonlySet<ImportDrop> = new Set(['OTHER_NUMBERS', 'CONSENT_UNCLEAR', 'ROW_HIDDEN', 'OTHER_SHEET']);

/** Opt-outs by file. */
@Injectable()
export class OptOutImports {
  private readonly files = new Gate({ atOnce: 1, waiting: 3, patienceMs: 30_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly optOuts: OptOuts,
  ) {}

  /**
   * Everyone in the file whom a spreadsheet does not hide, or those of whom a column says so, hidden or not; whole, or not
   * at all.
   */
  import(caller: Caller, content: Buffer, choice: Choice, looks: boolean, locale: Locale): Promise<OptOutFileResult> {
    return this.files.pass(caller.id, async () => {
      const read = await readImport(content, choice);
      if (!hasPhone(read)) throw unsure(read, 'phone');
      // A column of many things in which nobody says so tells of something else.
      const isTold =
        read.drafts.some(({ optedOut }) => optedOut) ||
        read.columns.some(({ as }) => as.use === 'opted-out' && as.when !== 'words');
      const numbers = read.drafts.filter(({ optedOut }) => optedOut || !isTold).map(({ phone }) => phone);
      const rejected = worded(read.rejected, locale);
      const before = (await this.optOuts.isOptedOut(numbers)).size;
      const counts = { lines: read.lines, added: numbers.length - before, already: before };
      const byColumn = (isTold && read.columns.find(({ as }) => as.use === 'opted-out')?.header) || null;
      const phoneHeader = read.columns.find(({ as }) => as.use === 'phone')?.header ?? null;
      if (!looks) {
        const added = await this.dataSource.transaction((manager) =>
          this.optOuts.addFromFile(manager, numbers, caller, null),
        );
        await this.optOuts.tell(added);
        counts.added = added.length;
      }
      const dropped = wordedDrops(new Map([...read.dropped].filter(([drop]) => TOLD.has(drop))), locale);
      return { ...counts, byColumn, phoneColumn: phoneHeader, dropped, rejected };
    });
  }
}
