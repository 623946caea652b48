import { Injectable } from '@nestjs/common';
import { GivenUp } from '../given-up.js';
import { NO_SOCKET, type LiveProof } from '../domain/live-proof.js';
import { SessionActor } from '../session-actor.js';
import { SessionJournal } from '../session-journal.js';
import { SessionReconciler } from '../session-reconciler.js';
import { SessionRegistry } from '../session-registry.js';

/** How long WhatsApp may take to answer whoever asks whether a link lives. */
const ANSWER_WITHIN_MS = 5_000;

/** What sockets prove, read now; of an outlet without a session here, nothing. */
@Injectable()
export class StatusDesk {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly reconciler: SessionReconciler,
    private readonly journal: SessionJournal,
    private readonly givenUp: GivenUp,
  ) {}

  proof(outletId: string): LiveProof {
    return this.registry.find(outletId)?.proof() ?? NO_SOCKET;
  }

  /** Of every session here. */
  proofs(): LiveProof[] {
    return [...this.registry.all()].map((actor) => actor.proof());
  }

  /** What operators watch: counted since the start, and the changes of status that wait for PostgreSQL now. */
  get figures(): Record<'driftFound' | 'stallsFound' | 'mailGivenUp' | 'historiesGivenUp' | 'unwritten', number> {
    const { driftFound, stallsFound } = this.reconciler;
    const { mail: mailGivenUp, histories: historiesGivenUp } = this.givenUp;
    return { driftFound, stallsFound, mailGivenUp, historiesGivenUp, unwritten: this.journal.pending };
  }

  /** A round trip to WhatsApp for every one of these that is connected, then one reconcile; until its outcome is in the rows. */
  async verify(outletIds: 'all' | readonly string[]): Promise<void> {
    const asked = [...this.registry.all()].filter(
      ({ outletId }) => outletIds === 'all' || outletIds.includes(outletId),
    );
    await Promise.all(asked.map(verifyOne));
    await this.reconciler.reconcile();
    await this.journal.flushed();
  }
}

async function verifyOne(actor: SessionActor): Promise<void> {
  if (actor.proof().status !== 'CONNECTED') return;
  if (!(await actor.answers(ANSWER_WITHIN_MS))) actor.post({ type: 'proof-failed' });
}
