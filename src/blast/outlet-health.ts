import type { Reason } from '@koneksi/contracts/outlet-status-schema';
import { Injectable } from '@nestjs/common';
import { healthCriteria, isHealthy } from '../wa-session/domain/live-proof.js';
import type { SessionActor } from '../wa-session/session-actor.js';
import { SessionContext } from '../wa-session/session-context.js';
import { SessionRegistry } from '../wa-session/session-registry.js';
import { toReason, type Locale } from '@koneksi/contracts/reason-texts';

/** Only healthy outlets send: by the same five criteria that the status page shows. */
@Injectable()
export class OutletHealth {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly session: SessionContext,
  ) {}

  isHealthy(actor: SessionActor | undefined): actor is SessionActor {
    if (!actor) return false;
    const { record, outlet } = actor;
    return isHealthy(healthCriteria(record, actor.proof(), outlet.autoReconnect, this.session.maxSilenceMs));
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
