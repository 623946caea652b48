import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OutletImportQuery, OutletImportResult } from '@koneksi/contracts/outlet-import';
import { importReasonText } from '@koneksi/contracts/import-texts';
import type { ImportOutcome } from '@koneksi/contracts/contact-import';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { Gate } from '../../common/gate.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { withoutDeadlock } from '../../common/without-deadlock.js';
import { planImport, type ImportPlan } from '../domain/import-plan.js';
import { OutletEntity } from '../outlet.entity.js';
import { OutletsService, readRows, refusingTakenNumbers } from '../outlets.service.js';
import { Presses } from '../presses.js';
import { readOutlets, type FileLine, type ReadOutlets } from './read-outlets.js';

const SHOWN = 20;
const CHUNK = 500;

interface TakenIn {
  plan: ImportPlan<ReadOutlets['drafts'][number]>;
  /** Ids. */
  added: string[];
  updated: string[];
}

/** Outlets by file: seen first, then taken in as a whole or not at all. */
@Injectable()
export class OutletImports {
  private readonly files = new Gate({ atOnce: 1, waiting: 3, patienceMs: 30_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly outlets: OutletsService,
    private readonly presses: Presses,
  ) {}

  /**
   * What became of the file, and the outlets it added or changed.
   * @throws `NUMBER_TAKEN` where somebody adds one of them in the same moment, and {@link Presses.take} does for whoever
   * switches one of them all day; nothing is taken in then
   */
  import(
    callerId: string,
    content: Buffer,
    { look, ...said }: OutletImportQuery,
    locale: Locale,
  ): Promise<{ result: OutletImportResult; changed: string[] }> {
    return this.files.pass(callerId, async () => {
      const read = await readOutlets(content, said);
      if (look === 'true') {
        return { result: told(read, planImport(read.drafts, await this.outlets.all()), locale), changed: [] };
      }
      if (!read.columns.some(({ as }) => as === 'number')) {
        throw new ValidationFailed([fieldProblem('number', 'PHONE_COLUMN_NEEDED')]);
      }
      const { plan, added, updated } = await this.takeIn(callerId, read.drafts);
      return { result: told(read, plan, locale), changed: [...updated, ...added] };
    });
  }

  private async takeIn(callerId: string, drafts: ReadOutlets['drafts']): Promise<TakenIn> {
    const { plan, added } = await refusingTakenNumbers(
      withoutDeadlock(() =>
        this.dataSource.transaction(async (manager) => {
          // Held, so that nobody's change in between is undone by what was read before.
          const plan = planImport(drafts, await readRows(manager, {}, true));
          for (const { id, change } of plan.updates) {
            if (change.isActive !== undefined) await this.presses.take(callerId, id);
          }
          return { plan, added: await this.write(manager, plan) };
        }),
      ),
    );
    const updated = plan.updates.map(({ id }) => id);
    const moved = plan.updates.filter(({ change }) => change.city !== undefined).map(({ id }) => id);
    await this.outlets.told(added, updated, moved);
    return { plan, added, updated };
  }

  private async write(manager: EntityManager, plan: ImportPlan<unknown>): Promise<string[]> {
    const now = new Date(this.clock.wall());
    const added = plan.adds.map((outlet) => ({ ...outlet, id: randomUUID(), createdAt: now, updatedAt: now }));
    for (let at = 0; at < added.length; at += CHUNK) {
      await manager.insert(OutletEntity, added.slice(at, at + CHUNK));
    }
    for (const { id, change } of plan.updates)
      await manager.update(OutletEntity, { id }, { ...change, updatedAt: now });
    return added.map(({ id }) => id);
  }
}

function told(read: ReadOutlets, plan: ImportPlan<FileLine>, locale: Locale): OutletImportResult {
  const { drafts: _, lines, rejected: unread, ...how } = read;
  const rejected = [...unread, ...plan.rejected].sort((a, b) => a.line - b.line);
  const howMany = (wanted: ImportOutcome): number => plan.rows.filter(({ outlet }) => outlet.outcome === wanted).length;
  return {
    ...how,
    counts: {
      lines,
      added: howMany('ADDED'),
      updated: howMany('UPDATED'),
      same: howMany('SAME'),
      rejected: rejected.length,
    },
    rows: plan.rows.slice(0, SHOWN).map(({ line, outlet: { whatsappNumber, ...outlet } }) => ({
      line,
      number: whatsappNumber,
      ...outlet,
    })),
    rejected: rejected.map(({ line, value, reason, cells }) => ({
      line,
      value,
      reason,
      message: importReasonText(reason, locale),
      cells,
    })),
  };
}
