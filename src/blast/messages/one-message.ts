import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { BlastAudit } from '../blast-audit.js';
import { BlastKeys } from '../blast-keys.js';
import { BlastRecipientEntity } from '../blast-recipient.entity.js';
import { BlastEntity, BlastOutletEntity } from '../blast.entity.js';

/** A message to one person, as it is written down before it can leave. */
export interface OneMessage {
  id: string;
  kind: 'message' | 'confirmation';
  outlet: { id: string; name: string };
  phone: string;
  text: string;
  /** Unique among whatever this caller made, where there is one. */
  idempotencyKey: string | null;
  /** What a repetition under the key must say again. */
  request: string;
  /** What has not left by then stays. An instant, or `null` for no end. */
  notAfter: string | null;
}

/** Writes down messages to one person: each is a blast of one that no list shows. */
@Injectable()
export class OneMessageWriter {
  constructor(
    private readonly keys: BlastKeys,
    private readonly audit: BlastAudit,
    private readonly clock: Clock,
  ) {}

  /** In this transaction: message, recipient, totals and audit. */
  async write(manager: EntityManager, caller: Caller, message: OneMessage): Promise<void> {
    const { id, kind, outlet, phone, text, idempotencyKey, request, notAfter } = message;
    const now = new Date(this.clock.wall());
    const { blastId: _, ...key } = this.keys.issue(id);
    await manager.insert(BlastEntity, {
      id,
      kind,
      title: null,
      status: 'running',
      revision: '1',
      createdAt: now,
      createdBy: caller.id,
      createdByName: caller.name,
      notAfter,
      startedAt: now,
      recipients: 1,
      ...key,
      message: this.keys.sealMessage({ blastId: id, ...key }, text),
      idempotencyKey,
      requestHash: this.keys.hashRequest({ blastId: id, ...key }, request),
    });
    const outletId = outlet.id;
    await manager.insert(BlastRecipientEntity, { blastId: id, seq: 1, outletId, number: phone, status: 'queued' });
    await manager.insert(BlastOutletEntity, { blastId: id, outletId, outletName: outlet.name, queued: 1 });
    const deed = { action: 'messaged', blastId: id, outletIds: [outletId], recipients: 1, message: text } as const;
    await this.audit.write(caller, deed, manager);
  }
}
