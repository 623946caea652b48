import { EventEmitter } from 'node:events';
import type { AlertScope } from '@koneksi/contracts/alerts';
import type { RecipientStatus } from '@koneksi/contracts/blast-states';
import type { RecipientChanges } from '@koneksi/contracts/blast-recipients';
import type { BlastProgress } from '@koneksi/contracts/blasts';
import type { PasskeyChange } from '@koneksi/contracts/passkey';
import type { PairingCodeChange, QrChange, RecordKind, StatusRemoval, StatusSeen } from '@koneksi/contracts/realtime';
import type { ChangeFacts } from '@koneksi/contracts/status-facts';
import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from './message-of.js';

/**
 * Facts that cross module borders, past tense, with ids only where the receiver can look the rest up.
 * Each is published after the commit it tells of.
 */
export interface Facts {
  'outlet.created': { outletId: string };
  'outlet.updated': { outletId: string };
  /** They are in another city by now, or in none: what holds for a city may hold for them, or no more. */
  'outlets.moved': { outletIds: readonly string[] };
  /** The row is already gone; its session still holds a socket to end. */
  'outlet.removed': { outletId: string };
  /** The row, its history and its cursor are committed. */
  'outlet-status.changed': ChangeFacts;
  'outlet-status.removed': StatusRemoval;
  'outlet-status.seen': StatusSeen;
  /** The log does not go on from what was told of it: what anybody keeps is to be read anew. */
  'status-log.replaced': Record<never, never>;
  /** The board was read anew after that; pages are to begin with a snapshot of it. */
  'status-board.replaced': Record<never, never>;
  /** Carries the code itself, for the watchers of this outlet and nobody else. */
  'outlet-qr.changed': QrChange;
  'outlet-pairing-code.changed': PairingCodeChange;
  'outlet-passkey.changed': PasskeyChange;
  /**
   * Someone wrote to the outlet; `text` is empty where they sent a picture or voice alone, `quotes` is the message it
   * answers by its id. The text is for deciding in memory: never logged, never stored but sealed, where an ADMIN
   * switched that on. WhatsApp hears that it was read once `waitFor`'s are settled.
   */
  'message.received': {
    outletId: string;
    messageId: string;
    number: string;
    text: string;
    quotes: string | null;
    at: number;
    waitFor: (recorded: Promise<unknown>) => void;
  };
  /** The same of someone WhatsApp names by LID alone, whose number nobody knows. */
  'message.unattributed': {
    outletId: string;
    messageId: string;
    alias: string;
    text: string;
    quotes: string | null;
    at: number;
    waitFor: (recorded: Promise<unknown>) => void;
  };
  /** Numbers behind names, learned by whichever outlet. Whoever learned them goes on once `waitFor`'s are settled. */
  'numbers.learned': {
    learned: readonly { alias: string; number: string }[];
    waitFor: (recorded: Promise<unknown>) => void;
  };
  /** WhatsApp's word about a message nobody waited for any more; `code` where it was refused. */
  'message.answered': { outletId: string; messageId: string; code: string | null };
  /** How far messages came, as their recipients' devices say. WhatsApp hears that we know once `waitFor`'s are settled. */
  'message.receipted': {
    outletId: string;
    messageIds: string[];
    kind: 'delivered' | 'read';
    waitFor: (recorded: Promise<unknown>) => void;
  };
  /** Somebody changed what these outlets have to send, or it may have been changed: their turn is now. */
  'blast.woken': { outletIds: 'all' | readonly string[] };
  /** Where a blast stands, with all its outlets; whoever passes it on leaves out what the reader may not see. */
  'blast.progressed': BlastProgress;
  'blast-recipients.changed': RecipientChanges;
  /** How many recipients, of whichever blast, became what. */
  'blast-recipients.moved': Partial<Record<RecipientStatus, number>>;
  /** What came of handing one message to its socket, and after how long. */
  'blast-message.answered': {
    outcome: 'acknowledged' | 'refused' | 'not-sent' | 'held-back' | 'uncertain';
    seconds: number;
  };
  /** WhatsApp told its newest client version; `knownAt` in milliseconds since the epoch, `isNew`: sockets show another one. */
  'client-version.known': { knownAt: number | null; isNew: boolean };
  /** PostgreSQL stopped answering for long enough that sessions were ended, or answers again. */
  'store.lost': Record<never, never>;
  /** The machine's clock was set, or it slept: what waits for an instant has waited for the wrong time. */
  'clock.stepped': { byMs: number };
  'store.back': Record<never, never>;
  /** This process is a node under this id from now on, and owns nothing yet. */
  'node.joined': { nodeId: string };
  /** Another node was found dead; what it owned is free. */
  'node.buried': { nodeId: string };
  /** This node was taken for dead under this id: what it owned may be another's. */
  'node.lost': { nodeId: string };
  /** This node cannot prove that it lives, and touches nothing until it can. */
  'node.suspended': Record<never, never>;
  'node.resumed': Record<never, never>;
  /** What is done once in a cluster is this node's from now on. */
  'duties.taken': Record<never, never>;
  /** These are this node's from now on, and have sessions here. */
  'outlets.claimed': { outletIds: readonly string[] };
  /** As this node sees it: one came or went, beats or is silent, leaves, or owns more or less. */
  'nodes.changed': Record<never, never>;
  /** Nobody finds their sessions here any more; their sockets end once `waitFor`'s are settled, and another node takes them. */
  'outlets.departed': { outletIds: readonly string[]; waitFor: (settled: Promise<unknown>) => void };
  /** Committed: this node let go of some, and whoever has room may claim them. */
  'outlets.let-go': { nodeId: string };
  /** Committed. `outletIds` are all it struck so far. */
  'incident.opened': IncidentFact;
  'incident.changed': IncidentFact;
  'incident.closed': IncidentFact;
  /** Committed: for outlets of these scopes work is planned that was not, or is not any more. */
  'planned-work.changed': { scopes: readonly AlertScope[] };
  /** Committed: some of this kind were made, changed, paused or removed; of these outlets, or this person, where they are of any. */
  'records.changed': { kind: RecordKind; outletIds?: readonly string[]; personId?: string };
  /** A user or API key may do less than before, or nothing: sockets it opened must be cut. */
  'access.changed': { callerId: string };
  /** Committed: nobody comes in by these any more, and whoever did must leave. */
  'reconnect-link.ended': { linkIds: readonly string[] };
  /** No outlet may write to this number (digits with country code, no `+`) any more, or all may again. */
  'optout.recorded': { number: string };
  'optout.revoked': { number: string };
}

export interface IncidentFact {
  incidentId: string;
  outletIds: readonly string[];
}

/** Delivers facts synchronously, in order; a failing listener never reaches the publisher. */
@Injectable()
export class EventBus {
  private readonly logger = new Logger(EventBus.name);
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  publish<Name extends keyof Facts>(name: Name, fact: Facts[Name]): void {
    this.emitter.emit(name, fact);
  }

  on<Name extends keyof Facts>(name: Name, listener: (fact: Facts[Name]) => void): () => void {
    const guarded = (fact: Facts[Name]): void => {
      try {
        listener(fact);
      } catch (error) {
        this.logger.error(`A listener of ${name} failed: ${messageOf(error)}`);
      }
    };
    this.emitter.on(name, guarded);
    return () => this.emitter.off(name, guarded);
  }
}
