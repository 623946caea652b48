import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import { Injectable } from '@nestjs/common';
import { GivenUp } from '../given-up.js';
import { ClusterBus } from '../../cluster/cluster-bus.js';
import { StatusBoard } from '../../status-log/status-board.js';
import { NO_SOCKET, proofTold, type LiveProof } from '../domain/live-proof.js';
import type { SessionRecord } from '../domain/session-record.js';
import { SessionActor } from '../session-actor.js';
import { SessionJournal } from '../session-journal.js';
import { SessionReconciler } from '../session-reconciler.js';
import { SessionRegistry } from '../session-registry.js';
import { OutletCommands } from './outlet-commands.js';

/** How long WhatsApp may take to answer whoever asks whether a link lives. */
const ANSWER_WITHIN_MS = 5_000;

const VERIFY = 'verify';
/** The same of another node, with its reconcile and its rows. */
const VERIFIED_WITHIN_MS = 12_000;

/** What sockets prove, read now; of an outlet without a session anywhere, nothing. */
@Injectable()
export class StatusDesk {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly reconciler: SessionReconciler,
    private readonly journal: SessionJournal,
    private readonly givenUp: GivenUp,
    private readonly board: StatusBoard,
    private readonly commands: OutletCommands,
    private readonly bus: ClusterBus,
  ) {
    bus.answering(VERIFY, (outletIds) => this.verifyHere(outletIds as 'all' | string[]));
  }

  /** Of a session on another node what its owner told last of this record. */
  proof(outletId: string, record: SessionRecord): LiveProof {
    const actor = this.registry.find(outletId);
    if (actor) return actor.proof();
    return this.commands.isHere(outletId) ? NO_SOCKET : proofTold(record, this.board.status(outletId));
  }

  /** Of every session here. */
  proofs(): LiveProof[] {
    return [...this.registry.all()].map((actor) => actor.proof());
  }

  /** Why sessions here are not connected, one for each that is not. */
  reasons(): ReasonCode[] {
    return [...this.registry.all()].flatMap(({ record: { reason } }) => reason ?? []);
  }

  /** What operators watch: counted since the start, and the changes of status that wait for PostgreSQL now. */
  get figures(): Record<'driftFound' | 'stallsFound' | 'mailGivenUp' | 'historiesGivenUp' | 'unwritten', number> {
    const { driftFound, stallsFound } = this.reconciler;
    const { mail: mailGivenUp, histories: historiesGivenUp } = this.givenUp;
    return { driftFound, stallsFound, mailGivenUp, historiesGivenUp, unwritten: this.journal.pending };
  }

  /** A round trip to WhatsApp for every one of these that is connected, then one reconcile; until its outcome is in the rows. */
  async verify(outletIds: 'all' | readonly string[]): Promise<void> {
    const others = await this.commands.otherOwners(outletIds);
    // Of a node that does not answer the rows tell what there is to tell.
    const asked = others.map((node) =>
      this.bus.ask(node, VERIFY, outletIds, VERIFIED_WITHIN_MS).catch(() => undefined),
    );
    await Promise.all([this.verifyHere(outletIds), ...asked]);
  }

  private async verifyHere(outletIds: 'all' | readonly string[]): Promise<void> {
    const asked = [...this.registry.all()].filter(
      ({ outletId }) => outletIds === 'all' || outletIds.includes(outletId),
    );
    await Promise.all(asked.map(verifyOne));
    await this.reconciler.reconcile();
    await this.journal.flushed();
  }
}

async function verifyOne(actor: SessionActor): Promise<void> {
  if (actor.proof().status === 'CONNECTED') await actor.verify(ANSWER_WITHIN_MS);
}
