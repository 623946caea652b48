import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { Caller } from '../auth/caller.js';
import { Gate } from '../common/gate.js';
import { StatusBoard } from '../status-log/status-board.js';
import { StatusLog } from '../status-log/status-log.js';
import { StatusDocuments, type StatusDocument } from './status-documents.js';

/**
 * The status document by cursor, for those who keep a copy and no socket: what changed since they last asked, or all there
 * is where that is too long ago, where they begin, and where they may see other outlets than then.
 */
@Injectable()
export class StatusChanges {
  /** As with those who ask by a socket: a thousand changes are read for each. */
  private readonly gate = new Gate({ atOnce: 3, waiting: 250, patienceMs: 20_000 });

  constructor(
    private readonly board: StatusBoard,
    private readonly log: StatusLog,
    private readonly documents: StatusDocuments,
  ) {}

  /** @throws {TooManyAttempts} */
  since(caller: Caller, locale: Locale, since: string): Promise<StatusDocument> {
    return this.gate.pass(caller.id, () => this.read(caller, locale, since));
  }

  private async read(caller: Caller, locale: Locale, since: string): Promise<StatusDocument> {
    // Before the statuses: what changes in between is told twice rather than never.
    const { newest } = this.board;
    const audience = audienceOf(caller);
    const [number, of = 'all'] = since.split(/-(.*)/, 2) as [string, string?];
    const isTheirs = of === audience && Number(number) > 0;
    const changes = isTheirs ? await this.log.since(caller.outletIds, Number(number), newest) : null;
    const last = new Map(
      (changes ?? []).map((change) => ['status' in change ? change.status.outletId : change.outletId, change]),
    );
    const isGone = (id: string): boolean => !('status' in last.get(id)!);
    const place = {
      cursor: `${newest}-${audience}`,
      complete: changes === null,
      removed: [...last.keys()].filter(isGone),
    };
    return this.documents.part(caller, locale, changes && new Set(last.keys()), place);
  }
}

/** Alike for those who see the same outlets. */
function audienceOf({ outletIds }: Caller): string {
  if (outletIds === 'all') return 'all';
  return createHash('sha256')
    .update([...outletIds].sort().join())
    .digest('base64url')
    .slice(0, 16);
}
