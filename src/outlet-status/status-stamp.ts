import { Injectable } from '@nestjs/common';
import { SharedLooks } from '../common/shared-looks.js';
import { StatusDesk } from '../wa-session/desk/status-desk.js';
import { liveStatus } from '../wa-session/domain/live-proof.js';
import { OutletRows } from '../wa-session/outlet-rows.js';

/** How old the look at the sockets may be. Milliseconds; what a person does shows in the rows, which are looked at anew. */
const LIVE_FOR_MS = 100;

/** Tells cheaply whether either truth has moved: equal stamps, equal documents. */
@Injectable()
export class StatusStamp {
  private readonly rows = new SharedLooks<string>();
  private live = { text: '', takenAt: -Infinity };

  constructor(
    private readonly outletRows: OutletRows,
    private readonly desk: StatusDesk,
  ) {}

  /** Both truths as of after this call. */
  async now(): Promise<string> {
    return `${await this.rows.at('all', () => this.outletRows.stamp())}|${this.sockets()}`;
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
