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

  /**
   * Within the transaction that makes it, before it does: another of this caller's waits until it ends. One that takes
   * the place of another needs no room.
   * @throws {QuotaReached}
   */
  async requireRoomForBlast(manager: EntityManager, caller: Caller, replaces: string | null): Promise<void> {
    await takeQuotaTurn(manager, 'blasts', caller.id);
    if (replaces !== null) return;
    const { blasts: used } = await count(manager, caller.id);
    const fact = { name: 'blasts', limit: OPEN_BLASTS_EACH, used } as const;
    requireRoom(fact, 'blasts of one caller that have not ended', 1);
  }

  /**
   * Within the same transaction, once they are enrolled; their blast is among the open ones and says nothing of them yet.
   * @throws {QuotaReached}
   */
  async requireRoomForRecipients(manager: EntityManager, caller: Caller, more: number): Promise<void> {
    const { recipients: used } = await count(manager, caller.id);
    const fact = { name: 'recipients', limit: OPEN_RECIPIENTS_EACH, used } as const;
    requireRoom(fact, 'recipients of blasts of one caller that have not ended', more);
  }

  /** Within the transaction that makes it. @throws {QuotaReached} */
  async requireRoomForMessage(manager: EntityManager, caller: Caller): Promise<void> {
    await takeQuotaTurn(manager, 'messages', caller.id);
    const { messages: used } = await count(manager, caller.id);
    const fact = { name: 'messages', limit: OPEN_MESSAGES_EACH, used } as const;
    requireRoom(fact, 'messages of one caller that have not ended', 1);
  }
}

function requireRoom(fact: QuotaFact, of: string, more: number): void {
  const used = fact.used + more;
  if (used > fact.limit) throw new QuotaReached({ ...fact, of, used }, more);
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
