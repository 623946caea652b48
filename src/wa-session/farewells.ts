import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Duties } from '../common/duties.js';
import { FarewellStore, type DueLeave } from './credentials/farewell-store.js';
import { allowanceOf, spentOnLeave, unspent } from './domain/open-limit.js';
import { LEAVE_TOLD_AFTER_MS } from './domain/owed-leaves.js';
import type { Opens } from './domain/session-state.js';
import { SessionOwnership } from './ownership.js';
import { SessionContext } from './session-context.js';
import { SessionRegistry } from './session-registry.js';
import { takeLeave } from './whatsapp/leave-taking.js';
import { messageOf } from '../common/message-of.js';

const LOOK_EVERY_MS = 3_000;
const AT_ONCE = 4;
/** From the login to the answer. */
const WITHIN_MS = 30_000;
/** Seconds until the next try; the last one goes on until the day is over. */
const RETRY_AFTER_S = [10, 60, 300, 1_800, 3_600];
/** Until a leave is looked at again whose outlet has used up its sockets. Seconds. */
const TURN_AFTER_S = 5;
/** By then an allowance is whole again. */
const FORGOTTEN_AFTER_MS = 60_000;

/**
 * Takes the leaves that are owed: a link may end while WhatsApp cannot be told, and its phone would list a device for
 * ever that nobody uses. The node that owns the outlet does so, and of outlets that are no more one node of all. What
 * is owed is in the database, so that neither a restart nor a removed outlet forgets it.
 */
@Injectable()
export class Farewells implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  /** By the id of what is owed. A phone that does not answer keeps one place for half a minute, and nothing else waiting. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();
  /** What leaves of outlets that are no more have used up, by the outlet. */
  private readonly opens = new Map<string, Opens>();

  constructor(
    private readonly store: FarewellStore,
    private readonly context: SessionContext,
    private readonly registry: SessionRegistry,
    private readonly ownership: SessionOwnership,
    private readonly duties: Duties,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.ending.abort();
    await this.looking;
    await Promise.all(this.underWay.values());
  }

  private look(): void {
    this.looking ??= this.startDue()
      .catch((error: unknown) => this.missed('looked at', error))
      .finally(() => (this.looking = null));
  }

  private async startDue(): Promise<void> {
    if (!this.context.membership.mayAct()) return;
    for (const { outletId, number } of await this.store.over()) this.tell(outletId, 'leave-taken', number);
    const { owner } = this.ownership;
    const due = await this.store.due(AT_ONCE, [...this.underWay.keys()], owner, this.duties.areOurs);
    if (this.ending.signal.aborted) return;
    for (const leave of due.slice(0, AT_ONCE - this.underWay.size)) this.start(leave);
  }

  private start(leave: DueLeave): void {
    const taking = this.take(leave)
      .catch((error: unknown) => this.missed('taken', error))
      .finally(() => this.underWay.delete(leave.id));
    this.underWay.set(leave.id, taking);
  }

  private missed(what: string, error: unknown): void {
    const reason = messageOf(error);
    this.context.logger.debug(`Leaves that are owed were not ${what}: ${reason}`);
  }

  private tell(outletId: string, type: 'leave-taken' | 'leave-owed', number: string): void {
    this.registry.find(outletId)?.post({ type, number });
  }

  /** Each socket of an outlet passes its one limiter, and where the outlet is gone that of its leaves. */
  private async mayOpen(outletId: string): Promise<boolean> {
    const actor = this.registry.find(outletId);
    if (actor) return (await actor.ask({ type: 'leave-begins' })) === undefined;
    const { clock, config } = this.context;
    const now = clock.now();
    for (const [id, { at }] of this.opens) if (now - at > FORGOTTEN_AFTER_MS) this.opens.delete(id);
    const before = this.opens.get(outletId) ?? unspent(allowanceOf(config.whatsapp.connectBurst));
    const after = spentOnLeave(before, now);
    if (after) this.opens.set(outletId, after);
    return after !== null;
  }

  private async take({ id, outletId, number, creds, tries }: DueLeave): Promise<void> {
    if (creds !== null && !(await this.mayOpen(outletId))) {
      this.tell(outletId, 'leave-owed', number);
      return this.store.postpone(id, TURN_AFTER_S);
    }
    const late = setTimeout(() => this.tell(outletId, 'leave-owed', number), LEAVE_TOLD_AFTER_MS);
    const gone = creds !== null && (await this.isGone(id, outletId, creds));
    clearTimeout(late);
    if (this.ending.signal.aborted && !gone) return;
    if (!gone) {
      this.tell(outletId, 'leave-owed', number);
      return this.store.later(id, RETRY_AFTER_S[tries] ?? RETRY_AFTER_S.at(-1)!);
    }
    if (await this.store.taken(id, outletId, number)) this.tell(outletId, 'leave-taken', number);
  }

  private async isGone(id: string, outletId: string, creds: Buffer): Promise<boolean> {
    const { gate, config, version, clock, logger } = this.context;
    const signal = AbortSignal.any([this.ending.signal, AbortSignal.timeout(WITHIN_MS)]);
    const place = await gate.acquire({ outletId: id, urgency: 'later', signal, onWaiting: () => undefined });
    if (!place) return false;
    const { webSocketUrl, keepAliveMs } = config.whatsapp;
    return takeLeave({ link: id, outletId, creds, webSocketUrl, keepAliveMs, version, clock, logger, place, signal });
  }
}
