import { Injectable } from '@nestjs/common';
import type { Reason } from '@koneksi/contracts/outlet-status-schema';
import { toReason, type Locale } from '@koneksi/contracts/reason-texts';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import { StatusBoard } from '../../status-log/status-board.js';
import { fromKept, type NewChats } from '../domain/new-chats.js';
import type { Ownership } from '../fence.js';
import type { Messenger } from '../messenger.js';
import { SessionRegistry } from '../session-registry.js';
import { OutletCommands } from './outlet-commands.js';

/** From where an outlet's messages leave: the socket it has now, and the claim under which whoever sends may write. */
export interface Line extends Readonly<Ownership> {
  readonly messenger: Messenger;
}

/** Sending from outlets whose sessions run here: messages are made and claimed where the socket is, and go no way round. */
@Injectable()
export class SendingDesk {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly board: StatusBoard,
    private readonly commands: OutletCommands,
  ) {}

  /** Whether an outlet may send, by the same five criteria that the status page shows, and if not, why. */
  health(outletId: string, locale: Locale): { healthy: boolean; reason: Reason | null } {
    const actor = this.registry.find(outletId);
    if (!actor) return healthTold(this.elsewhere(outletId), locale);
    if (actor.healthy) return { healthy: true, reason: null };
    const { reason, params, nextRetryAt } = actor.record;
    const retryAt = nextRetryAt === null ? null : new Date(nextRetryAt).toISOString();
    return { healthy: false, reason: toReason(reason, params, locale, retryAt) };
  }

  /** Outlets that may send, from here or from other nodes. */
  healthy(): string[] {
    const here = [...this.registry.all()].filter(({ healthy }) => healthy);
    const told = [...this.board.all()].filter(({ outletId, healthy }) => healthy && !this.commands.isHere(outletId));
    return [...here, ...told].map(({ outletId }) => outletId);
  }

  /** The claim under which whoever sends from here may write; `null` where the session is not here. */
  owner(outletId: string): Ownership | null {
    return this.registry.find(outletId)?.owner ?? null;
  }

  /** The line of a healthy outlet; `null` where it cannot send from here now. Ask anew for every turn: sockets come and go. */
  line(outletId: string): Line | null {
    const actor = this.registry.find(outletId);
    const messenger = actor?.healthy ? actor.messenger : null;
    return actor && messenger ? { ...actor.owner, messenger } : null;
  }

  /** Whether its outlet is healthy and still sends by this very socket, under this claim. */
  isOpen({ outletId, epoch, messenger }: Line): boolean {
    const now = this.line(outletId);
    return now?.messenger === messenger && now.epoch === epoch;
  }

  /** When the connection of a healthy outlet opened: by its row, and by the monotonic clock. */
  opening(outletId: string): { connectedAt: number; openedAt: number } | null {
    const actor = this.registry.find(outletId);
    if (!actor?.healthy) return null;
    const { record, openedAt } = actor;
    return record.connectedAt === null || openedAt === null ? null : { connectedAt: record.connectedAt, openedAt };
  }

  /** What WhatsApp lets this account do with people it does not know; `null` until it said so. */
  newChats(outletId: string): NewChats | null {
    const actor = this.registry.find(outletId);
    return actor ? actor.newChats : fromKept(this.elsewhere(outletId)?.limits ?? null);
  }

  /** What was last told of a session that runs on another node. */
  private elsewhere(outletId: string): StatusFacts | undefined {
    return this.commands.isHere(outletId) ? undefined : this.board.status(outletId);
  }

  /** The same, after asking WhatsApp anew; as it was known where it does not answer. */
  async askNewChats(outletId: string): Promise<NewChats | null> {
    await this.registry
      .find(outletId)
      ?.askNewChats()
      .catch(() => undefined);
    return this.newChats(outletId);
  }
}

function healthTold(told: StatusFacts | undefined, locale: Locale): { healthy: boolean; reason: Reason | null } {
  if (!told) return { healthy: false, reason: toReason('NEVER_LINKED', {}, locale) };
  const { healthy, reason, nextRetryAt } = told;
  if (healthy) return { healthy, reason: null };
  return { healthy, reason: toReason(reason?.code ?? null, reason?.params ?? {}, locale, nextRetryAt) };
}
