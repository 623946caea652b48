import { Injectable } from '@nestjs/common';
import type { Reason } from '@koneksi/contracts/outlet-status-schema';
import { toReason, type Locale } from '@koneksi/contracts/reason-texts';
import type { NewChats } from '../domain/new-chats.js';
import type { Ownership } from '../fence.js';
import type { Messenger } from '../messenger.js';
import { SessionRegistry } from '../session-registry.js';

/** From where an outlet's messages leave: the socket it has now, and the claim under which whoever sends may write. */
export interface Line extends Readonly<Ownership> {
  readonly messenger: Messenger;
}

/** Sending from outlets whose sessions run here: messages are made and claimed where the socket is, and go no way round. */
@Injectable()
export class SendingDesk {
  constructor(private readonly registry: SessionRegistry) {}

  /** Whether an outlet may send, by the same five criteria that the status page shows, and if not, why. */
  health(outletId: string, locale: Locale): { healthy: boolean; reason: Reason | null } {
    const actor = this.registry.find(outletId);
    if (!actor) return { healthy: false, reason: toReason('NEVER_LINKED', {}, locale) };
    if (actor.healthy) return { healthy: true, reason: null };
    const { reason, params, nextRetryAt } = actor.record;
    const retryAt = nextRetryAt === null ? null : new Date(nextRetryAt).toISOString();
    return { healthy: false, reason: toReason(reason, params, locale, retryAt) };
  }

  /** Outlets that may send. */
  healthy(): string[] {
    return [...this.registry.all()].filter(({ healthy }) => healthy).map(({ outletId }) => outletId);
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
    return this.registry.find(outletId)?.newChats ?? null;
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
