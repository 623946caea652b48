import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { BlastAuditEntity } from './blast-audit.entity.js';
import { BlastKeys } from './blast-keys.js';

export interface Deed {
  action: 'created' | 'started' | 'paused' | 'resumed' | 'canceled' | 'retried' | 'resolved' | 'tested' | 'messaged';
  blastId: string | null;
  outletIds: readonly string[];
  recipients: number;
  message?: string;
  detail?: Record<string, unknown>;
}

/** Who did what to how many, when. The message itself is never written down here. */
@Injectable()
export class BlastAudit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: BlastKeys,
    private readonly clock: Clock,
  ) {}

  async write(caller: Caller, deed: Deed, manager: EntityManager = this.dataSource.manager): Promise<void> {
    const { action, blastId, outletIds, recipients, message, detail = {} } = deed;
    await manager.insert(BlastAuditEntity, {
      at: new Date(this.clock.wall()),
      action,
      blastId,
      callerId: caller.id,
      callerName: caller.name,
      outletIds: [...outletIds],
      recipients,
      messageLength: message?.length ?? null,
      messageHash: message === undefined ? null : this.keys.hash(`message|${message}`),
      detail: { ...detail, by: caller.kind },
    });
  }
}
