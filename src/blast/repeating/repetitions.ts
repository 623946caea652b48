import { randomUUID } from 'node:crypto';
import type { CreateBlast } from '@koneksi/contracts/blast-requests';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { EventBus } from '../../common/event-bus.js';
import { QuotaReached } from '../../common/quota-reached.js';
import { RefusedForNow } from '../../common/refused-for-now.js';
import { ValidationFailed } from '../../common/validation-failed.js';
import { Birthdays } from '../birthdays.js';
import type { BirthdaysMeant } from '../blast.entity.js';
import { BlastKeys } from '../blast-keys.js';
import { BlastsService, type Repetition } from '../blasts.service.js';
import { birthdaysOn, dayAfter, type Day } from './domain/days.js';
import { dueAt } from './domain/occurrences.js';
import { RepeatingStore, skipped, Withdrawn, type Outcome, type RepeatingRow } from './repeating-store.js';
import { lowerTags } from '../domain/tags.js';

const LOOK_EVERY_MS = 30_000;
const DAY_MS = 86_400_000;

/**
 * Makes each repetition a blast of its own, a little before the first outlet's time: scheduled for that time of day, for
 * whoever is meant by then, under every rule of any other blast. Repetition and blast are one commit.
 */
@Injectable()
export class Repetitions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Blast');
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private again = false;
  private over = false;

  constructor(
    private readonly store: RepeatingStore,
    private readonly blasts: BlastsService,
    private readonly birthdays: Birthdays,
    private readonly keys: BlastKeys,
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {
    bus.on('clock.stepped', () => void this.look());
    bus.on('store.back', () => void this.look());
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    void this.look();
  }

  async onModuleDestroy(): Promise<void> {
    this.over = true;
    if (this.timer) clearInterval(this.timer);
    await this.looking;
  }

  /** One look at a time; asked for during one, another follows. */
  look(): Promise<void> {
    this.again = true;
    this.looking ??= this.lookOn().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookOn(): Promise<void> {
    while (this.again && !this.over) {
      this.again = false;
      try {
        // Nowhere is it a later day than a day from now.
        const until = new Date(this.clock.wall() + DAY_MS).toISOString().slice(0, 10);
        for (const row of await this.store.due(until)) if (!this.over) await this.catchUp(row).catch(this.complain);
      } catch (error) {
        this.complain(error);
      }
    }
  }

  private readonly complain = (error: unknown): void => {
    this.logger.error(`A repeating blast waits: ${error instanceof Error ? error.name : 'unknown error'}`);
  };

  /** One day of it; where more have passed, the next look comes at once. */
  private async catchUp(row: RepeatingRow): Promise<void> {
    const day = row.nextOn;
    if (day === null) return;
    const due = dueAt(row.rule, day, row.zones, this.clock.wall());
    // Until its day has passed a paused one may be resumed.
    if (due.do === 'wait' || (row.status === 'paused' && due.do === 'make')) return;
    try {
      const missed = row.status === 'paused' ? skipped(row) : MISSED;
      const outcome = due.do === 'miss' ? missed : await this.make(row, day);
      if (outcome) await this.store.moveOn(row, day, outcome);
      this.bus.publish('records.changed', { kind: 'repeating-blast' });
      this.again = true;
    } catch (error) {
      if (!(error instanceof Withdrawn)) throw error;
    }
  }

  /** What became of it; `null` where that is written down with the blast. */
  private async make(row: RepeatingRow, day: Day): Promise<Outcome | null> {
    try {
      const said =
        row.message && this.keys.messageIfWhole({ blastId: row.id, wrappedKey: row.wrappedKey }, row.message);
      if (said === null) return row.message ? UNREADABLE : NOBODY;
      const meant = meantBy(row, day);
      const body = await this.requestFor(row, said, day, meant.birthday);
      if (!body) return NOBODY;
      const blastId = randomUUID();
      const repetition: Repetition = {
        id: blastId,
        exceptWithin: row.audience.exceptWithin ?? null,
        meant,
        also: (manager) => this.store.moveOn(row, day, made(row, blastId), manager),
      };
      const key = `repeating ${row.id} ${day}`;
      const { id, isEarlier } = await this.blasts.create(callerOf(row), body, key, 'id', repetition);
      return isEarlier ? made(row, id) : null;
    } catch (error) {
      if (error instanceof ValidationFailed && error.problems.every(({ field }) => field === 'audience')) return NOBODY;
      // Those pass by themselves.
      if (error instanceof RefusedForNow || error instanceof QuotaReached || !(error instanceof DomainError))
        throw error;
      return { outcome: 'failed', blastId: null, reason: error.code };
    }
  }

  /** `null` where nobody is meant. */
  private async requestFor(
    row: RepeatingRow,
    message: string,
    day: Day,
    birthday: BirthdaysMeant | undefined,
  ): Promise<CreateBlast | null> {
    const { rule, wayOut, audience } = row;
    const outletIds = await this.outletsFor(row);
    if (outletIds?.length === 0) return null;
    const birthdays = birthday ? await this.birthdays.of(birthday, { outletIds, ...audience }) : null;
    if (birthdays?.length === 0) return null;
    return {
      outletIds: outletIds ?? 'all',
      message,
      mediaId: row.mediaId,
      audience: birthdays ? { contactIds: birthdays } : audienceOf(row),
      scheduledAt: `${day}T${rule.time}`,
      // A day late nobody has a birthday.
      notAfter: rule.every === 'birthday' ? `${dayAfter(day)}T00:00` : null,
      title: row.title,
      previewId: null,
      // It is meant to come again.
      repeatAcknowledged: true,
      unknownTagsAcknowledged: true,
      undoSeconds: 0,
      replaces: null,
      wayOutLanguage: row.wayOutLanguage,
      noWayOut: wayOut.reason,
    };
  }

  /** `null` for every outlet: but for those where its time had passed when somebody made or resumed it. */
  private async outletsFor(row: RepeatingRow): Promise<string[] | null> {
    if (row.notAt.length === 0) return row.outletIds;
    const all = await this.store.outletsOf(row);
    return all.map(({ id }) => id).filter((id) => !row.notAt.includes(id));
  }
}

const made = ({ notAt }: RepeatingRow, blastId: string): Outcome => ({
  outcome: 'made',
  blastId,
  reason: notAt.length > 0 ? 'TIME_PASSED' : null,
});
const MISSED: Outcome = { outcome: 'missed', blastId: null, reason: null };
/** As of a recipient whose message is damaged; it comes again on its next day, and says so again. */
const UNREADABLE: Outcome = { outcome: 'failed', blastId: null, reason: 'UNREADABLE' };
const NOBODY: Outcome = { outcome: 'nobody', blastId: null, reason: null };

/** Whoever it is sent for, with the right to these outlets and no more; that ends where theirs does. */
const callerOf = ({ byId, byName, outletIds }: RepeatingRow): Caller => ({
  id: byId,
  kind: 'user',
  name: byName,
  role: outletIds === null ? 'ADMIN' : 'USER',
  outletIds: outletIds ?? 'all',
});

function audienceOf({ audience: { tags, exceptTags } }: RepeatingRow): CreateBlast['audience'] {
  if (tags) return { tags, ...(exceptTags && { exceptTags }) };
  return exceptTags ? { exceptTags } : 'all';
}

/** By what those whose birthday it is are known again when their message leaves. */
function meantBy({ rule, audience }: RepeatingRow, day: Day): Repetition['meant'] {
  if (rule.every !== 'birthday') return {};
  return {
    birthday: { field: rule.field, dates: birthdaysOn(day) },
    ...(audience.tags && { tags: lowerTags(audience.tags) }),
    ...(audience.exceptTags && { exceptTags: lowerTags(audience.exceptTags) }),
    ...(audience.exceptWithin && { exceptWithin: audience.exceptWithin }),
  };
}
