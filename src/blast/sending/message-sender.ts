import type { OutletZone } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import { SendingDesk, type Line } from '../../wa-session/desk/sending-desk.js';
import type { Ownership } from '../../wa-session/fence.js';
import type { SendOutcome } from '../../wa-session/messenger.js';
import { localDay } from '../domain/local-time.js';
import { NO_TOKEN_CODE, RESTRICTED_CODE, stopAfter, withAnswer } from '../domain/refusals.js';
import { Ledger } from '../ledger.js';
import type { Begun } from './one-ahead.js';
import { isLocked, toldReason, whyOutOfReach } from './out-of-reach.js';
import type { OutletMemory } from './outlet-memory.js';
import { SendStore } from './send-store.js';

/** How long WhatsApp may take to acknowledge a message before it counts as uncertain. */
const ACKNOWLEDGED_WITHIN_MS = 20_000;
const MAX_NOT_SENT = 3;

/** From where messages leave. */
export interface Sending {
  line: Line;
  blastId: string;
  zone: OutletZone;
  memory: OutletMemory;
  /** For how long the outlet rests after this message. Milliseconds. */
  pauseMs: number;
}

/** What follows from one message: the next, none of this blast, or another look later. */
export type WentOn = 'sent' | 'skipped' | 'again' | 'stop';

/** A recipient whose message this process takes for sending, and under which claim. */
interface Row {
  blastId: string;
  seq: number;
  owner: Ownership;
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
    private readonly desk: SendingDesk,
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {}

  /** The process ends: nothing else leaves. */
  stop(): void {
    this.stopping = true;
  }

  /** @throws where the database is away; then nothing left. */
  async send(sending: Sending, { message, outgoing }: Begun): Promise<WentOn> {
    const { line, memory, blastId } = sending;
    const row = { blastId, seq: message.seq, owner: line };
    if (!this.maySend(sending, message.isNew)) {
      outgoing.drop();
      return 'stop';
    }
    const { outcome, isRefused } = await this.leave(sending, row, { message, outgoing });
    switch (outcome.kind) {
      case 'acknowledged':
        // Written together with the next claim.
        this.ledger.note({ blastId, seq: message.seq, to: 'sent' }).catch(complained);
        memory.answers = withAnswer(memory.answers, null);
        if (message.isNew && memory.begunAfter(this.desk.newChats(line.outletId)) >= 0) memory.begunSince++;
        return 'sent';
      case 'refused':
        return (await this.onRefused(sending, row, message.number, outcome.code)) ? 'stop' : 'sent';
      case 'not-sent':
        return this.onNotSent(row, memory);
      case 'held-back':
        if (isRefused) return 'skipped';
        await this.requeue(row);
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
      if (!this.maySend(sending, message.isNew)) return false;
      const { zone, pauseMs } = sending;
      const now = this.clock.wall();
      const restUntil = pauseMs > 0 ? now + pauseMs : null;
      const asked = { owner: row.owner, day: localDay(now, zone), isNew: message.isNew, restUntil };
      isRefused = (await this.ledger.claim(row, asked)) === null;
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
      this.requeue(row).catch(complained);
      throw error;
    }
  }

  /** One that certainly never left; never what a later owner of the outlet may be sending. */
  private async requeue(row: Row): Promise<void> {
    await this.ledger.record({ ...row, to: 'queued', from: ['sending'], taken: true });
  }

  /** A lock that WhatsApp pushes counts from this very message on. */
  private maySend({ line }: Sending, isNew: boolean): boolean {
    if (isNew && isLocked(this.desk.newChats(line.outletId))) return false;
    return !this.stopping && this.desk.isOpen(line);
  }

  private async onRefused(sending: Sending, row: Row, number: string, code: string): Promise<boolean> {
    const { memory } = sending;
    const { line } = sending;
    const why = code === RESTRICTED_CODE ? await whyOutOfReach(this.desk, line, number) : 'REFUSED';
    const reason = why === 'REFUSED' ? why : toldReason(why);
    await this.ledger.record({ ...row, to: 'failed', reason, code, taken: true });
    // A lock holds new chats by itself until it ends, and what happened says nothing of the others.
    if (why === 'LOCKED') return true;
    memory.answers = withAnswer(memory.answers, why === 'NO_TOKEN' ? NO_TOKEN_CODE : code);
    if (why === 'RESTRICTED' || why === 'NEW_CHAT_REFUSED') memory.limitsAskedAt = Number.NEGATIVE_INFINITY;
    const stop = stopAfter(memory.answers);
    if (!stop) return false;
    // The stop is in the database now; what led to it counts no more once a person has lifted it.
    memory.answers = [];
    const parts = (await this.store.partsOf(line.outletId)).filter(({ running }) => running);
    const blastIds = parts.map(({ blast_id }) => blast_id);
    this.ledger.touched(await this.ledger.between(() => this.store.hold(line, blastIds, stop, null, true)));
    return true;
  }

  private async onNotSent(row: Row, memory: OutletMemory): Promise<'again'> {
    const key = `${row.blastId} ${row.seq}`;
    const times = (memory.notSent.get(key) ?? 0) + 1;
    memory.notSent.set(key, times);
    if (times < MAX_NOT_SENT) await this.requeue(row);
    else {
      memory.notSent.delete(key);
      await this.ledger.record({ ...row, to: 'failed', reason: 'CANNOT_ENCRYPT', taken: true });
    }
    return 'again';
  }
}
