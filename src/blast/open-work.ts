import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { QuotaReached, type QuotaFact } from '../common/quota-reached.js';
import { takeQuotaTurn } from '../common/quota-turn.js';

/** Each keeps its message, its file and its recipients until it has ended. */
const OPEN_BLASTS_EACH = 500;
/** Of open blasts together: ten thousand customers at each of five hundred outlets. */
const OPEN_RECIPIENTS_EACH = 5_000_000;
/** Messages to one: more than an outlet sends in days, which only pile up where nobody sends them. */
const OPEN_MESSAGES_EACH = 5_000;

interface Open {
  blasts: number;
  recipients: number;
  messages: number;
}

/** How much that has not ended each caller has. Messages are kept as blasts are, and count apart. */
@Injectable()
export class OpenWork {
  constructor(private readonly dataSource: DataSource) {}

  async quotas(caller: Caller): Promise<{ blasts: QuotaFact; recipients: QuotaFact; messages: QuotaFact }> {
    const open = await count(this.dataSource.manager, caller.id);
    return {
      blasts: { name: 'blasts', limit: OPEN_BLASTS_EACH, used: open.blasts },
      recipients: { name: 'recipients', limit: OPEN_RECIPIENTS_EACH, used: open.recipients },
      messages: { name: 'messages', limit: OPEN_MESSAGES_EACH, used: open.messages },
    };
  }

  /** Before the long work, for who has no room whatever comes of it. @throws {QuotaReached} */
  async refuseWhereFull(manager: EntityManager, caller: Caller): Promise<void> {
    const { blasts } = await count(manager, caller.id);
    requireRoomForBlasts(blasts + 1);
  }

  /**
   * Within the transaction that has made it with its recipients, last of all: another of this caller's waits from here
   * until it ends. One that takes the place of another needs no room as a blast.
   * @throws {QuotaReached}, {TooManyAttempts}
   */
  async requireRoomForBlast(
    manager: EntityManager,
    caller: Caller,
    recipients: number,
    replaces: string | null,
  ): Promise<void> {
    await takeQuotaTurn(manager, 'blasts', caller.id);
    const open = await count(manager, caller.id);
    if (replaces === null) requireRoomForBlasts(open.blasts);
    const fact = { name: 'recipients', limit: OPEN_RECIPIENTS_EACH, used: open.recipients } as const;
    requireRoom(fact, 'recipients of blasts of one caller that have not ended', recipients);
  }

  /** Within the transaction that has made it. @throws {QuotaReached}, {TooManyAttempts} */
  async requireRoomForMessage(manager: EntityManager, caller: Caller): Promise<void> {
    await takeQuotaTurn(manager, 'messages', caller.id);
    const { messages: used } = await count(manager, caller.id);
    const fact = { name: 'messages', limit: OPEN_MESSAGES_EACH, used } as const;
    requireRoom(fact, 'messages of one caller that have not ended', 1);
  }
}

function requireRoomForBlasts(used: number): void {
  const fact = { name: 'blasts', limit: OPEN_BLASTS_EACH, used } as const;
  requireRoom(fact, 'blasts of one caller that have not ended', 1);
}

/** @param fact with what is to be added @param more how much that is */
function requireRoom(fact: QuotaFact, of: string, more: number): void {
  if (fact.used > fact.limit) throw new QuotaReached({ ...fact, of }, more);
}

/** By the index of what is open, which holds no more than the quotas let in. */
async function count(manager: EntityManager, callerId: string): Promise<Open> {
  const [open] = await manager.query<[Open]>(
    `SELECT count(*) FILTER (WHERE kind = 'blast')::int AS blasts,
       coalesce(sum(recipients) FILTER (WHERE kind = 'blast'), 0)::float8 AS recipients,
       count(*) FILTER (WHERE kind = 'message')::int AS messages
     FROM blasts WHERE created_by = $1 AND status IN ('scheduled', 'running', 'paused')`,
    [callerId],
  );
  return open;
}
