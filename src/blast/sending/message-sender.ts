import type { OutletZone } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import type { Messenger, SendOutcome } from '../../wa-session/messenger.js';
import type { SessionActor } from '../../wa-session/session-actor.js';
import { localDay } from '../domain/local-time.js';
import { RESTRICTED_CODE, stopAfter, withAnswer } from '../domain/refusals.js';
import { Ledger } from '../ledger.js';
import { OutletHealth } from '../outlet-health.js';
import type { Begun } from './one-ahead.js';
import type { OutletMemory } from './outlet-memory.js';
import { SendStore } from './send-store.js';

/** How long WhatsApp may take to acknowledge a message before it counts as uncertain. */
const ACKNOWLEDGED_WITHIN_MS = 20_000;
const MAX_NOT_SENT = 3;

/** From where messages leave. */
export interface Sending {
  actor: SessionActor;
  messenger: Messenger;
  blastId: string;
  zone: OutletZone;
  memory: OutletMemory;
}

/** What follows from one message: the next, none of this blast, or another look later. */
export type WentOn = 'sent' | 'skipped' | 'again' | 'stop';

interface Row {
  blastId: string;
  seq: number;
}

/** The ledger has said in the log what it could not write; the row stays, and becomes uncertain. */
const complained = (): void => undefined;

/** Sends one message that is ready, and brings what became of it into the ledger. */
@Injectable()
export class MessageSender {
  private stopping = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly store: SendStore,
    private readonly health: OutletHealth,
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {}

  /** The process ends: nothing else leaves. */
  stop(): void {
    this.stopping = true;
  }

  /** @throws where the database is away; then nothing left. */
  async send(sending: Sending, { message, outgoing }: Begun): Promise<WentOn> {
    const { actor, memory, blastId } = sending;
    const row = { blastId, seq: message.seq };
    if (!this.maySend(sending)) {
      outgoing.drop();
      return 'stop';
    }
    const { outcome, isRefused } = await this.leave(sending, row, { message, outgoing });
    switch (outcome.kind) {
      case 'acknowledged':
        // Written together with the next claim.
        this.ledger.note({ ...row, to: 'sent' }).catch(complained);
        memory.answers = withAnswer(memory.answers, null);
        if (message.isNew && memory.newChatsLeft !== null) memory.newChatsLeft = Math.max(0, memory.newChatsLeft - 1);
        return 'sent';
      case 'refused':
        return (await this.onRefused(actor.outletId, row, outcome.code, memory)) ? 'stop' : 'sent';
      case 'not-sent':
        return this.onNotSent(row, memory);
      case 'held-back':
        if (isRefused) return 'skipped';
        await this.ledger.record({ ...row, to: 'queued', from: ['sending'] });
        return 'again';
      case 'uncertain':
        return 'sent';
    }
  }

  /**
   * The claim is the last thing before the wire: until it is committed the message is as good as never begun, and from
   * then on it counts as sent unless the contrary is certain.
   */
  private async leave(
    sending: Sending,
    row: Row,
    { message, outgoing }: Begun,
  ): Promise<{ outcome: SendOutcome; isRefused: boolean }> {
    let isRefused = false;
    let from = performance.now();
    const claim = async (): Promise<boolean> => {
      if (!this.maySend(sending)) return false;
      const { epoch } = sending.actor.owner;
      const day = localDay(this.clock.now(), sending.zone);
      isRefused = (await this.ledger.claim(row, { epoch, day, isNew: message.isNew })) === null;
      from = performance.now();
      return !isRefused;
    };
    try {
      const outcome = await outgoing.leave(claim, ACKNOWLEDGED_WITHIN_MS);
      const seconds = (performance.now() - from) / 1_000;
      if (outcome.kind !== 'held-back') this.bus.publish('blast-message.answered', { outcome: outcome.kind, seconds });
      return { outcome, isRefused };
    } catch (error) {
      // The claim may have been committed although the answer was lost; the message certainly did not leave.
      this.ledger.record({ ...row, to: 'queued', from: ['sending'] }).catch(complained);
      throw error;
    }
  }

  private maySend({ actor, messenger }: Sending): boolean {
    return !this.stopping && this.health.isHealthy(actor) && actor.messenger === messenger;
  }

  private async onRefused(outletId: string, row: Row, code: string, memory: OutletMemory): Promise<boolean> {
    const isRestricted = code === RESTRICTED_CODE;
    await this.ledger.record({ ...row, to: 'failed', reason: isRestricted ? 'RESTRICTED' : 'REFUSED', code });
    memory.answers = withAnswer(memory.answers, code);
    if (isRestricted) memory.limitsAskedAt = Number.NEGATIVE_INFINITY;
    const stop = stopAfter(memory.answers);
    if (!stop) return false;
    // The stop is in the database now; what led to it counts no more once a person has lifted it.
    memory.answers = [];
    const parts = (await this.store.partsOf(outletId)).filter(({ running }) => running);
    const blastIds = parts.map(({ blast_id }) => blast_id);
    await this.ledger.between(() => this.store.hold(outletId, blastIds, stop, null, true));
    this.ledger.touched(blastIds);
    return true;
  }

  private async onNotSent(row: Row, memory: OutletMemory): Promise<'again'> {
    const key = `${row.blastId} ${row.seq}`;
    const times = (memory.notSent.get(key) ?? 0) + 1;
    memory.notSent.set(key, times);
    if (times < MAX_NOT_SENT) await this.ledger.record({ ...row, to: 'queued', from: ['sending'] });
    else {
      memory.notSent.delete(key);
      await this.ledger.record({ ...row, to: 'failed', reason: 'CANNOT_ENCRYPT' });
    }
    return 'again';
  }
}
