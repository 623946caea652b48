import { isEmptyWithout, variablesOf } from '@koneksi/contracts/blast-template';
import { Injectable } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { withoutDeadlock } from '../../common/without-deadlock.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import type { AudienceRequest } from '../audience-request.js';
import { Audience } from '../audience.js';
import { Birthdays } from '../birthdays.js';
import { BlastKeys } from '../blast-keys.js';
import type { KeptAudience } from '../blast.entity.js';
import { BLAST_MOVES } from '../domain/blast-moves.js';
import { Ledger } from '../ledger.js';
import { moveBlasts } from '../move-blasts.js';
import { SendStore } from './send-store.js';

interface Due {
  id: string;
  audience: KeptAudience | null;
  scheduled_at: string | null;
  media_id: string | null;
  wrapped_key: Buffer;
  message: Buffer;
}

/** Begins blasts whose time has come, with whom their audience means by then. */
@Injectable()
export class BlastStart {
  constructor(
    private readonly store: SendStore,
    private readonly audience: Audience,
    private readonly birthdays: Birthdays,
    private readonly keys: BlastKeys,
    private readonly ledger: Ledger,
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
  ) {}

  /** Starts what is due at this outlet; answers when the next one is. Milliseconds since the epoch. */
  async due(outletId: string): Promise<number | null> {
    const now = this.clock.wall();
    const scheduled = await this.store.scheduled(outletId, now);
    for (const { id, at } of scheduled) if (at.getTime() <= now) await this.start(id, 'due');
    return scheduled.find(({ at }) => at.getTime() > now)?.at.getTime() ?? null;
  }

  /**
   * Newcomers join only here: whoever gets the tags while the blast runs is no part of it. Their rows are new to
   * everybody until the commit, so that only the end waits for the ledger.
   * @param by who starts it at once; `null` for time, and whoever meant it then
   */
  start(id: string, event: 'due' | 'start', by: string | null = null): Promise<boolean> {
    return withoutDeadlock(() => this.tryStart(id, event, by));
  }

  private async tryStart(id: string, event: 'due' | 'start', by: string | null): Promise<boolean> {
    const runner = this.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [id]);
      const [due] = (await runner.query(
        `SELECT id, audience, scheduled_at, media_id, wrapped_key, message FROM blasts
         WHERE id = $1 AND status = ANY ($2::text[]) AND started_at IS NULL AND message IS NOT NULL`,
        [id, BLAST_MOVES[event][0].from],
      )) as Due[];
      if (!due) {
        await runner.rollbackTransaction();
        return false;
      }
      const joined = await this.join(runner, due);
      const started = await this.ledger.between(async () => {
        await runner.query(
          `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, not_before, queued)
           SELECT $1, j.id, t.name, (SELECT min(o.not_before) FROM blast_outlets o WHERE o.blast_id = $1), j.joined
           FROM unnest($2::uuid[], $3::int[]) AS j(id, joined) JOIN outlets t ON t.id = j.id ORDER BY j.id
           ON CONFLICT (blast_id, outlet_id) DO UPDATE SET queued = blast_outlets.queued + EXCLUDED.queued`,
          [id, joined.map(({ outletId }) => outletId), joined.map((each) => each.joined)],
        );
        const sum = joined.reduce((all, each) => all + each.joined, 0);
        const { length } = await moveBlasts(runner.manager, event, [id], this.clock.wall(), { by, joined: sum });
        if (length > 0) await runner.commitTransaction();
        else await runner.rollbackTransaction();
        return length > 0;
      });
      if (started) this.ledger.touched([id]);
      return started;
    } catch (error) {
      await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** A blast that only waited to be taken back, or that names its people, goes to those. */
  private async join(runner: QueryRunner, due: Due): Promise<{ outletId: string; joined: number }[]> {
    const { audience } = due;
    if (!audience || due.scheduled_at === null) return [];
    if (audience.kind !== 'all' && audience.kind !== 'tags' && !audience.birthday) return [];
    const request = await this.requestOf(runner, due, audience);
    return request ? this.audience.enrolNewcomers(runner, due.id, request) : [];
  }

  private async requestOf(
    runner: QueryRunner,
    { id: blastId, wrapped_key: wrappedKey, message: sealed, media_id }: Due,
    { tags, exceptTags, exceptWithin, outletIds, birthday }: KeptAudience,
  ): Promise<AudienceRequest | null> {
    const outlets = (await runner.query(
      'SELECT id, name FROM outlets WHERE id = ANY ($1::uuid[]) AND is_active ORDER BY name, id',
      [outletIds],
    )) as { id: string; name: string }[];
    // One that is damaged fails when its messages are made.
    const message = this.keys.messageIfWhole({ blastId, wrappedKey }, sealed);
    if (outlets.length === 0 || message === null) return null;
    const contactIds = birthday && (await this.birthdays.of(birthday, { outletIds, tags, exceptTags, exceptWithin }));
    const byTags = tags ? { tags, ...(exceptTags && { exceptTags }) } : exceptTags ? { exceptTags } : 'all';
    return {
      outlets: outlets.map((outlet) => ({ ...outlet, sends: true })),
      audience: contactIds ? { contactIds } : byTags,
      exceptWithin: exceptWithin ?? null,
      seenOutlets: null,
      variables: variablesOf(message),
      mayBeEmpty: media_id === null && isEmptyWithout(message),
      isLater: false,
    };
  }
}
