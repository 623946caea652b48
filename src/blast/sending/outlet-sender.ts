import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../common/clock.js';
import { Config } from '../../config/config.js';
import { SendingDesk, type Line } from '../../wa-session/desk/sending-desk.js';
import type { Ownership } from '../../wa-session/fence.js';
import type { NewChats } from '../../wa-session/domain/new-chats.js';
import { pauseMs, quietUntil } from '../domain/careful.js';
import { holdFor, nextStep, type NextStep, type Situation } from '../domain/next-step.js';
import { earlierConnection } from '../domain/uncertain.js';
import { Ledger } from '../ledger.js';
import { Limits, type OutletLimits } from '../limits/limits.js';
import { BlastStart } from './blast-start.js';
import { MessageMaker } from './message-maker.js';
import { MessageSender } from './message-sender.js';
import { OneAhead } from './one-ahead.js';
import { OutletMemory } from './outlet-memory.js';
import { SendStore, type OpenPart } from './send-store.js';

/** A turn ends after this long, so that everything is looked at anew. */
const TURN_MS = 1_000;
/** A longer pause ends the turn. */
const PAUSE_IN_TURN_MS = 1_000;
/** With short pauses, how many messages are made ready in one go. */
const AHEAD = 16;
const ASK_LIMITS_EVERY_MS = 10 * 60_000;
const AGAIN_AFTER_MS = 2_000;
/** A turn ends where so many rounds left the same message first in line. */
const MAX_ROUNDS = 3;

type Send = Extract<NextStep, { do: 'send' }>;

/** Sends for the outlets whose sessions are here, each one message at a time. */
@Injectable()
export class OutletSender {
  private readonly memories = new Map<string, OutletMemory>();
  /** When the wall's clock was last set, by the monotonic one: older instants say nothing of how long ago they were. */
  private steppedAt = Number.NEGATIVE_INFINITY;
  /** Outlets whose part waits until they are healthy again. */
  readonly waitingForHealth = new Set<string>();
  /** Outlets whose part waits until WhatsApp allows new chats again. */
  readonly waitingForNewChats = new Set<string>();

  constructor(
    private readonly store: SendStore,
    private readonly start: BlastStart,
    private readonly ledger: Ledger,
    private readonly limits: Limits,
    private readonly maker: MessageMaker,
    private readonly sender: MessageSender,
    private readonly desk: SendingDesk,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** The process ends: what is on its way is waited for, nothing else begins. */
  stop(): void {
    this.sender.stop();
  }

  /** What was planned for an instant is planned anew. */
  clockStepped(): void {
    this.steppedAt = this.clock.now();
    for (const memory of this.memories.values()) memory.limitsAskedAt = Number.NEGATIVE_INFINITY;
  }

  /** Whatever these outlets are sending, they look at everything anew before the next message. */
  interrupt(outletIds: readonly string[]): void {
    for (const outletId of outletIds) {
      const memory = this.memories.get(outletId);
      if (memory) memory.isWoken = true;
    }
  }

  /** Sends what may be sent now. Answers when to look again, by the monotonic clock; `null` where someone will wake this outlet. */
  async takeTurn(outletId: string): Promise<number | null> {
    this.waitingForHealth.delete(outletId);
    this.waitingForNewChats.delete(outletId);
    this.memoryOf(outletId).isWoken = false;
    const begins = await this.start.due(outletId);
    const starts = begins === null ? null : this.clock.steady(begins);
    const all = await this.store.partsOf(outletId);
    if (all.length === 0) return this.isHere(outletId) ? starts : null;
    if (all.some(({ gone }) => gone)) {
      await this.giveUp(outletId);
      return starts;
    }
    const owner = this.desk.owner(outletId);
    // Whoever claims it gives it its turn.
    if (!owner) return null;
    const parts = await this.inTime(owner, all);
    const open = parts.filter(({ running, queued }) => running && queued > 0);
    const sent = await this.send(owner, open);
    const settled = await this.settleUncertain(owner);
    const ends = open.flatMap(({ not_after }) => (not_after ? [this.clock.steady(not_after.getTime())] : []));
    return [starts, settled, ...ends].reduce(earliest, sent);
  }

  /** Whether its turns are taken here. */
  isHere(outletId: string): boolean {
    return this.desk.owner(outletId) !== null;
  }

  /** An outlet that no longer exists sends nothing more; nobody will hear what became of what was on its way. */
  async giveUp(outletId: string): Promise<void> {
    await this.ledger.moveMany('skipped', 'CANCELED', ['queued'], 'r.outlet_id = $6', [outletId]);
    await this.ledger.moveMany('unknown', 'INTERRUPTED', ['sending'], 'r.outlet_id = $6', [outletId]);
  }

  /** Without what is too late; those that end are told so when their time comes, whatever holds them until then. */
  private async inTime(owner: Ownership, parts: OpenPart[]): Promise<OpenPart[]> {
    const now = this.clock.wall();
    const isLate = (part: OpenPart): boolean =>
      part.running && part.not_after !== null && part.not_after.getTime() <= now;
    for (const part of parts.filter(isLate)) {
      await this.ledger.moveMany('skipped', 'TOO_LATE', ['queued'], 'r.blast_id = $6', [part.blast_id], owner);
      part.queued = 0;
    }
    return parts.filter(({ queued, sending }) => queued + sending > 0);
  }

  private async send(owner: Ownership, parts: OpenPart[]): Promise<number | null> {
    const { outletId } = owner;
    if (parts.length === 0) return null;
    const limits = (await this.limits.of([outletId])).get(outletId);
    if (!limits) return null;
    const memory = this.memoryOf(outletId);
    memory.takeUpPace(owner.epoch, this.restOf(limits));
    const line = this.desk.line(outletId);
    if (line) await this.askNewChats(outletId, memory);
    let next: number | null = null;
    for (const part of parts) {
      const situation = this.situation(part, limits, line !== null, this.desk.newChats(outletId), memory);
      const step = nextStep(situation);
      if (step.do === 'hold') {
        next = earliest(next, await this.hold(owner, part, step));
        continue;
      }
      // Whatever woke the outlet: between two messages it rests.
      if (this.clock.now() < memory.restUntil) return earliest(next, memory.restUntil);
      if (!line) continue;
      await this.unhold(owner, part);
      const again = await this.sendPart(line, part, step, limits, memory);
      if (again !== 'nobody-left') return earliest(next, again);
      const left = step.newChats === 0 || step.knownChats === 0;
      if (left) next = earliest(next, await this.hold(owner, part, holdFor(situation)));
    }
    return next;
  }

  /** By the monotonic clock. A clock that was set back since must not make the pause a longer one. */
  private restOf({ restUntil, careful }: OutletLimits): number {
    if (restUntil === null) return Number.NEGATIVE_INFINITY;
    return Math.min(this.clock.steady(restUntil), this.clock.now() + careful.paceMaxMs);
  }

  private situation(
    part: OpenPart,
    limits: OutletLimits,
    healthy: boolean,
    newChats: NewChats | null,
    memory: OutletMemory,
  ): Situation {
    const left = newChats?.left ?? null;
    const stop = part.hold_code === 'STOPPED_RESTRICTED' ? part.hold_code : 'STOPPED_REFUSALS';
    return {
      now: this.clock.wall(),
      healthy,
      stopped: part.stopped ? stop : null,
      notBefore: part.not_before?.getTime() ?? null,
      careful: limits.careful,
      usage: limits.usage,
      restrictedUntil: newChats?.lockedUntil ?? null,
      newChatsLeft: left === null ? null : Math.max(0, left - memory.begunAfter(newChats)),
      newChatsAgainAt: newChats?.countedAgainAt ?? null,
    };
  }

  /** Sends from one part until the turn is over. Answers when to go on. */
  private async sendPart(
    line: Line,
    part: OpenPart,
    step: Send,
    limits: OutletLimits,
    memory: OutletMemory,
  ): Promise<number | 'nobody-left'> {
    const { outletId, messenger } = line;
    const { careful } = limits;
    const left = { ...step };
    const tooLate = part.not_after ? this.clock.steady(part.not_after.getTime()) : Number.POSITIVE_INFINITY;
    const ends = Math.min(this.clock.now() + TURN_MS, tooLate);
    const mayGoOn = (): boolean =>
      !memory.isWoken && this.clock.now() < ends && quietUntil(this.clock.wall(), careful) === null;
    const isFast = careful.paceMaxMs <= PAUSE_IN_TURN_MS;
    let first = { seq: 0, times: 0 };
    while (mayGoOn() && left.newChats + left.knownChats > 0) {
      const whom = left.newChats === 0 ? 'known' : left.knownChats === 0 ? 'new' : 'all';
      const rows = await this.store.nextQueued(outletId, part.blast_id, whom, isFast ? AHEAD : 1);
      // Where this very turn used a cap up, the next one sees it and says what holds the others.
      if (rows.length === 0)
        return whom === 'all' || step[whom === 'new' ? 'knownChats' : 'newChats'] === 0
          ? 'nobody-left'
          : this.clock.now();
      const seq = rows[0]?.seq ?? 0;
      first = { seq, times: first.seq === seq ? first.times + 1 : 1 };
      // Nothing that is done here lasts: somebody else may own the outlet by now.
      if (first.times > MAX_ROUNDS) return this.clock.now() + AGAIN_AFTER_MS;
      const messages = await this.maker.ready(line, part, rows, messenger, memory);
      const ahead = new OneAhead(messenger, messages);
      try {
        for (let next = mayGoOn() && ahead.next(); next; next = mayGoOn() && ahead.next()) {
          const { message } = next;
          if ((message.isNew ? left.newChats : left.knownChats) === 0) {
            // Begun as it is, whatever follows it would wait for it to leave.
            next.outgoing.drop();
            break;
          }
          const pausing = pauseMs(careful, Math.random());
          const from = { line, blastId: part.blast_id, zone: careful.zone, memory, pauseMs: pausing };
          const sending = this.sender.send(from, next);
          // What follows is encrypted while WhatsApp answers; it leaves no earlier.
          if (isFast && mayGoOn()) ahead.begin();
          const wentOn = await sending;
          if (wentOn === 'skipped') continue;
          if (wentOn === 'stop') return this.clock.now();
          if (wentOn === 'again') return this.clock.now() + AGAIN_AFTER_MS;
          const chats = message.isNew ? 'newChats' : 'knownChats';
          left[chats]--;
          // Another part of the same turn goes by what is left of the day.
          limits.usage = { ...limits.usage, [chats]: limits.usage[chats] + 1 };
          memory.restUntil = this.clock.now() + pausing;
          if (pausing > PAUSE_IN_TURN_MS) return memory.restUntil;
          if (pausing > 0) await pause(pausing);
        }
      } finally {
        ahead.drop();
      }
    }
    return this.clock.now();
  }

  /** WhatsApp pushes what changes; asked now and then, and once a time it named has come. */
  private async askNewChats(outletId: string, memory: OutletMemory): Promise<void> {
    const now = this.clock.now();
    const isOver = memory.limitsAskedAt < memory.limitsEndAt && memory.limitsEndAt <= now;
    if (now - memory.limitsAskedAt < ASK_LIMITS_EVERY_MS && !isOver) return;
    memory.limitsAskedAt = now;
    // Accounts that WhatsApp tells nothing go by our own caps.
    const { lockedUntil, countedAgainAt } = (await this.desk.askNewChats(outletId)) ?? {};
    memory.limitsEndAt = this.clock.steady(Math.min(lockedUntil ?? Infinity, countedAgainAt ?? Infinity));
  }

  /**
   * What may have been on the wire when a process or a socket died waits for receipts, which WhatsApp hands over after
   * the next login. What stays without is for a person to decide.
   */
  private async settleUncertain(owner: Ownership): Promise<number | null> {
    const { outletId } = owner;
    const parts = await this.store.partsOf(outletId);
    if (!parts.some(({ sending }) => sending > 0)) return null;
    const opening = this.desk.opening(outletId);
    if (!opening) {
      this.waitingForHealth.add(outletId);
      return null;
    }
    const [now, wall, waitMs] = [this.clock.now(), this.clock.wall(), this.config.blastReceiptWaitMs];
    const sureAt = Math.max(opening.openedAt, this.steppedAt) + waitMs;
    if (sureAt <= now) {
      const before = 'r.outlet_id = $6 AND r.sending_at < $7';
      const earlier = new Date(earlierConnection(opening, now, wall));
      await this.ledger.moveMany('unknown', 'INTERRUPTED', ['sending'], before, [outletId, earlier], owner);
      // What claims to be of the future is of before the clock was set back.
      const waited = 'r.outlet_id = $6 AND (r.sending_at < $7 OR r.sending_at > $8)';
      const which = [outletId, new Date(wall - waitMs), new Date(wall)];
      await this.ledger.moveMany('unknown', 'NO_ACKNOWLEDGEMENT', ['sending'], waited, which, owner);
    }
    return Math.max(sureAt, now + AGAIN_AFTER_MS);
  }

  private async hold(
    owner: Ownership,
    part: OpenPart,
    { code, until }: { code: Extract<NextStep, { do: 'hold' }>['code']; until: number | null },
  ): Promise<number | null> {
    if (code === 'OUTLET_UNHEALTHY') this.waitingForHealth.add(owner.outletId);
    if (code === 'RESTRICTED') this.waitingForNewChats.add(owner.outletId);
    if (part.hold_code !== code || (part.hold_until?.getTime() ?? null) !== until) {
      this.ledger.touched(await this.ledger.between(() => this.store.hold(owner, [part.blast_id], code, until)));
    }
    // WhatsApp may lift what it has told before its time.
    if (until === null) return null;
    const at = this.clock.steady(until);
    return code === 'RESTRICTED' ? Math.min(at, this.clock.now() + ASK_LIMITS_EVERY_MS) : at;
  }

  private async unhold(owner: Ownership, part: OpenPart): Promise<void> {
    if (part.hold_code === null) return;
    this.ledger.touched(await this.ledger.between(() => this.store.hold(owner, [part.blast_id], null, null)));
    part.hold_code = null;
    part.hold_until = null;
  }

  private memoryOf(outletId: string): OutletMemory {
    const known = this.memories.get(outletId) ?? new OutletMemory();
    this.memories.set(outletId, known);
    return known;
  }
}

function earliest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
