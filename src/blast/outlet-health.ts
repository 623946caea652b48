import type { Reason } from '@koneksi/contracts/outlet-status-schema';
import { Injectable } from '@nestjs/common';
import type { SessionActor } from '../wa-session/session-actor.js';
import { SessionRegistry } from '../wa-session/session-registry.js';
import { toReason, type Locale } from '@koneksi/contracts/reason-texts';

/** Only healthy outlets send: by the same five criteria that the status page shows. */
@Injectable()
export class OutletHealth {
  constructor(private readonly registry: SessionRegistry) {}

  isHealthy(actor: SessionActor | undefined): actor is SessionActor {
    return actor?.healthy ?? false;
  }

  /** Whether an outlet may send, and if not, why. */
  of(outletId: string, locale: Locale): { healthy: boolean; reason: Reason | null } {
    const actor = this.registry.find(outletId);
    if (!actor) return { healthy: false, reason: toReason('NEVER_LINKED', {}, locale) };
    const { reason, params, nextRetryAt } = actor.record;
    const healthy = this.isHealthy(actor);
    const retryAt = nextRetryAt === null ? null : new Date(nextRetryAt).toISOString();
    return { healthy, reason: healthy ? null : toReason(reason, params, locale, retryAt) };
  }
}
