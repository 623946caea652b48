import { Injectable } from '@nestjs/common';
import type { Others } from './domain/reach.js';
import type { Phase } from './domain/session-state.js';

/** Which outlets of this process get to WhatsApp and which try in vain, so that nobody is blamed for one alone. */
@Injectable()
export class FleetReach {
  private readonly reaching = new Set<string>();
  private readonly failing = new Set<string>();

  /** An outlet that neither reaches WhatsApp nor tries in vain is no evidence. */
  note(outletId: string, phase: Phase): void {
    this.forget(outletId);
    if (phase.name === 'online') this.reaching.add(outletId);
    const isTrying = phase.name === 'waiting' || phase.name === 'opening';
    if (isTrying && phase.code === 'WHATSAPP_UNREACHABLE') this.failing.add(outletId);
  }

  forget(outletId: string): void {
    this.reaching.delete(outletId);
    this.failing.delete(outletId);
  }

  others(outletId: string): Others {
    return {
      reaching: this.reaching.size - (this.reaching.has(outletId) ? 1 : 0),
      failing: this.failing.size - (this.failing.has(outletId) ? 1 : 0),
    };
  }
}
