import { Injectable } from '@nestjs/common';
import { maySee, type Caller } from '../auth/caller.js';
import { Gate } from '../common/gate.js';
import type { SessionActor } from '../wa-session/session-actor.js';
import { SessionContext } from '../wa-session/session-context.js';
import { SessionReconciler } from '../wa-session/session-reconciler.js';
import { SessionRegistry } from '../wa-session/session-registry.js';

const ANSWER_WITHIN_MS = 5_000;

/** Verifies on request: a round trip to WhatsApp for every connected outlet the caller sees, then one reconcile. */
@Injectable()
export class StatusRefresh {
  /** Each costs WhatsApp an answer per outlet, and us a round over all of them. */
  private readonly gate = new Gate({ atOnce: 3, waiting: 3, patienceMs: 15_000 });

  constructor(
    private readonly registry: SessionRegistry,
    private readonly reconciler: SessionReconciler,
    private readonly context: SessionContext,
  ) {}

  /** @throws {TooManyAttempts} */
  verify(caller: Caller): Promise<void> {
    return this.gate.pass(caller.id, () => this.verifyAll(caller));
  }

  private async verifyAll(caller: Caller): Promise<void> {
    const visible = [...this.registry.all()].filter((actor) => maySee(caller, actor.outletId));
    await Promise.all(visible.map((actor) => this.verifyOne(actor)));
    await this.reconciler.reconcile();
    await this.context.journal.flushed();
  }

  private async verifyOne(actor: SessionActor): Promise<void> {
    if (actor.proof().status !== 'CONNECTED') return;
    if (!(await actor.answers(ANSWER_WITHIN_MS))) actor.post({ type: 'proof-failed' });
  }
}
