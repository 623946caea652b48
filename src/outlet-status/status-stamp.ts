import { Injectable } from '@nestjs/common';
import { StatusDesk } from '../wa-session/desk/status-desk.js';
import { liveStatus } from '../wa-session/domain/live-proof.js';
import { OutletRows } from '../wa-session/outlet-rows.js';

/** How old the look at the sockets may be. Milliseconds; what a person does shows in the rows, which are looked at anew. */
const LIVE_FOR_MS = 100;

/** Tells cheaply whether either truth has moved: equal stamps, equal documents. */
@Injectable()
export class StatusStamp {
  private running: Promise<string> | null = null;
  private next: Promise<string> | null = null;
  private live = { text: '', takenAt: -Infinity };

  constructor(
    private readonly outletRows: OutletRows,
    private readonly desk: StatusDesk,
  ) {}

  /**
   * Both truths as of after this call. A look that is under way may have missed what the caller has just done, so who
   * comes meanwhile shares the one after it.
   */
  async now(): Promise<string> {
    return `${await this.rows()}|${this.sockets()}`;
  }

  private rows(): Promise<string> {
    if (!this.running) return (this.running = this.look());
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        return (this.running = this.look());
      });
    return this.next;
  }

  private async look(): Promise<string> {
    try {
      return await this.outletRows.stamp();
    } finally {
      this.running = null;
    }
  }

  private sockets(): string {
    const now = performance.now();
    if (now - this.live.takenAt < LIVE_FOR_MS) return this.live.text;
    let text = '';
    for (const proof of this.desk.proofs()) {
      const bits = [proof.inMemory, proof.websocketOpen, proof.userPresent, proof.qrShown].map(Number).join('');
      text += `${liveStatus(proof)}${bits}${proof.name ?? ''},`;
    }
    this.live = { text, takenAt: now };
    return text;
  }
}
