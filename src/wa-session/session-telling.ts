import { isDeepStrictEqual } from 'node:util';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import { codeChangeOf, shownQr, toQrChange } from './domain/code-outcome.js';
import type { LiveProof } from './domain/live-proof.js';
import { toldOpens } from './domain/open-limit.js';
import { toOutletStatus } from './domain/outlet-status-view.js';
import { toPasskeyChange } from './domain/passkey.js';
import { pressedBehind } from './domain/pressed.js';
import type { SessionEvent } from './domain/session-event.js';
import { sameRecord, type SessionRecord } from './domain/session-record.js';
import type { SessionState } from './domain/session-state.js';
import type { Ownership } from './fence.js';
import type { SessionContext } from './session-context.js';

/** What the row says, and which link there is or was last. */
export interface Written {
  record: SessionRecord;
  revision: number;
  link?: string | null;
}

/** A session as of now. */
export interface Seen {
  state: SessionState;
  record: SessionRecord;
  proof: () => LiveProof;
}

interface WhenSettled {
  /** Something else is kept now, or known not to be. */
  look: () => void;
  /** Another owns the outlet. */
  fenced: () => void;
}

/** What one session told so far: its codes to those who watch, its row to the journal. Each is told once it is another. */
export class SessionTelling {
  private told: SessionRecord;
  private settings: SessionState['outlet'];
  private qr;
  private code;
  private passkey;
  private unsettled = 0;
  private asked = 0;
  private answered = 0;
  /** How many writes were asked for up to the newest that is in the row. */
  private kept = 0;
  private revision: number;
  /** The link there is or was last. */
  link: string | null;
  /** Grows with every write asked for and every write settled: equal stamps mean nothing happened in between. */
  stamp = 0;

  constructor(
    private readonly context: Pick<SessionContext, 'bus' | 'clock' | 'journal' | 'logger'>,
    private readonly owner: Ownership,
    state: SessionState,
    written: Written,
    private readonly whenSettled: WhenSettled,
  ) {
    this.told = written.record;
    this.revision = written.revision;
    this.link = written.link ?? null;
    this.settings = state.outlet;
    this.qr = shownQr(state);
    this.code = codeChangeOf(state);
    this.passkey = toPasskeyChange(state);
  }

  /** Whether a write is still on its way, so that the row may be older than the session. */
  get writing(): boolean {
    return this.unsettled > 0;
  }

  /**
   * Asks whether the row says all that was told until now; `undefined` while that is not known. Each write tells
   * everything, so one that came to nothing is made up for by the next.
   */
  whetherKept(): () => boolean | undefined {
    const { asked } = this;
    return () => this.kept >= asked || (this.answered >= asked ? false : undefined);
  }

  /** @param event what the session has just decided */
  tell(seen: Seen, event: SessionEvent): void {
    const { state, record } = seen;
    this.tellCodes(state);
    // That it was heard of again is no news.
    if (state.outlet !== this.settings || !sameRecord(this.told, record)) this.write(seen, this.told.status, event);
  }

  write({ state, record, proof }: Seen, previous: SessionRecord['status'], event: SessionEvent | null = null): void {
    const changed = record.status !== previous || record.reason !== this.told.reason;
    if (changed) this.log(state.outletId, previous, record.status, record.reason);
    // The first word about an outlet is where its history begins.
    const milestone = changed || this.revision === 0;
    this.told = record;
    this.settings = state.outlet;
    this.unsettled++;
    const place = ++this.asked;
    this.stamp++;
    this.context.journal.write({
      owner: this.owner,
      record,
      link: this.link,
      opens: toldOpens(state.opens, state.skew),
      previous,
      milestone,
      pressed: changed && event ? pressedBehind(event, previous, record.status) : null,
      element: toOutletStatus(state.outletId, state.outlet, record, proof()),
      settled: (outcome) => {
        this.unsettled--;
        this.answered++;
        this.stamp++;
        if (outcome !== 'fenced' && outcome !== 'refused') this.kept = place;
        this.whenSettled.look();
        if (outcome === 'fenced') this.whenSettled.fenced();
        else if (outcome !== 'refused') this.revision = outcome.revision;
      },
    });
  }

  private tellCodes(state: SessionState): void {
    const { bus } = this.context;
    const qr = shownQr(state);
    if (!isDeepStrictEqual(qr, this.qr)) {
      this.qr = qr;
      bus.publish('outlet-qr.changed', toQrChange(state.outletId, qr));
    }
    const code = codeChangeOf(state);
    if (!isDeepStrictEqual(code, this.code)) {
      this.code = code;
      bus.publish('outlet-pairing-code.changed', code);
    }
    const passkey = toPasskeyChange(state);
    if (!isDeepStrictEqual(passkey, this.passkey)) {
      this.passkey = passkey;
      bus.publish('outlet-passkey.changed', passkey);
    }
  }

  private log(outletId: string, previous: string, status: string, reason: ReasonCode | null): void {
    this.context.logger.log(`Outlet ${outletId} ${previous} -> ${status}${reason ? ` (${reason})` : ''}`);
  }
}
