import { randomUUID } from 'node:crypto';
import type { SendMessage, SentMessage } from '@koneksi/contracts/messages';
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { holdSender } from '../../auth/hold-caller.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { violatesUnique } from '../../common/postgres-errors.js';
import { isUuid } from '../../common/uuid.js';
import type { MadeOnce } from '../../idempotency/idempotency-key.js';
import { OptOuts } from '../../consent/opt-outs.js';
import { OutletsService } from '../../outlets/outlets.service.js';
import { ownNumber } from '../asked-again.js';
import { BlastKeys } from '../blast-keys.js';
import { outletsOf } from '../blast-reader.js';
import { BlastEntity, ONE_BLAST_PER_KEY } from '../blast.entity.js';
import { Ledger } from '../ledger.js';
import { OpenWork } from '../open-work.js';
import type { RecipientRow } from '../recipient-view.js';
import { BlastRunner } from '../sending/blast-runner.js';
import { KONEKSI } from './koneksi.js';
import { OneMessageWriter } from './one-message.js';

/** A key of a message is no key of a blast. */
const keyOf = (key: string | null): string | null => (key === null ? null : `message ${key}`);

/**
 * Messages to one person. Each is a blast of one that no list shows: under the same ledger, pace, caps, quiet hours,
 * consent and receipts, and ahead of whatever blast its outlet is sending.
 */
@Injectable()
export class Messages {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outlets: OutletsService,
    private readonly optOuts: OptOuts,
    private readonly keys: BlastKeys,
    private readonly writer: OneMessageWriter,
    private readonly ledger: Ledger,
    private readonly runner: BlastRunner,
    private readonly open: OpenWork,
    private readonly clock: Clock,
  ) {}

  /**
   * Same key and same request: the same message.
   * @throws `UNAUTHENTICATED`, `OUTLET_NOT_FOUND`, `NUMBER_OPTED_OUT`, `OWN_NUMBER`; {QuotaReached}, {TooManyAttempts}; `IDEMPOTENCY_CONFLICT`
   * for another request under the key
   */
  async send(caller: Caller, body: SendMessage, idempotencyKey: string | null): Promise<MadeOnce> {
    const earlier = await this.findByKey(caller, idempotencyKey, body);
    if (earlier) return earlier;
    const outlet = await this.outlets.require(caller, body.outletId);
    if ((await this.optOuts.isOptedOut([body.phone])).size > 0)
      throw new DomainError('NUMBER_OPTED_OUT', 409, 'the number has opted out');
    if (await this.isOwn(caller, body.phone))
      throw new DomainError('OWN_NUMBER', 409, 'the number is that of an outlet of one’s own');
    const id = randomUUID();
    try {
      await this.dataSource.transaction(async (manager) => {
        if (caller !== KONEKSI) await holdSender(manager, caller, [outlet.id], this.clock.wall());
        await this.writer.write(manager, caller, {
          id,
          kind: 'message',
          outlet,
          phone: body.phone,
          text: body.text,
          idempotencyKey: keyOf(idempotencyKey),
          request: JSON.stringify({ ...body, outletId: outlet.id }),
          notAfter: null,
        });
        await this.open.requireRoomForMessage(manager, caller);
      });
    } catch (error) {
      // Of two at once with the same key the database lets one in.
      const winner = violatesUnique(error, ONE_BLAST_PER_KEY)
        ? await this.findByKey(caller, idempotencyKey, body)
        : null;
      if (winner) return winner;
      throw error;
    }
    this.ledger.touched([id]);
    this.runner.wake([outlet.id]);
    return { id, isEarlier: false };
  }

  /** @throws `MESSAGE_NOT_FOUND` alike for unknown, foreign and malformed ids. */
  async find(caller: Caller, id: string): Promise<SentMessage> {
    const [row] = isUuid(id)
      ? await this.dataSource.query<RecipientRow[]>(
          `SELECT r.outlet_id, r.status, r.reason, r.sent_at, r.delivered_at, r.read_at
           FROM blasts b JOIN blast_recipients r ON r.blast_id = b.id
           WHERE b.id = $1 AND b.kind = 'message' AND ($2::uuid[] IS NULL OR r.outlet_id = ANY ($2::uuid[]))`,
          [id, outletsOf(caller)],
        )
      : [];
    if (!row) throw new DomainError('MESSAGE_NOT_FOUND', 404, 'no such message for this caller');
    return {
      id,
      outletId: row.outlet_id,
      status: row.status,
      reason: row.reason,
      sentAt: row.sent_at?.toISOString() ?? null,
      deliveredAt: row.delivered_at?.toISOString() ?? null,
      readAt: row.read_at?.toISOString() ?? null,
    };
  }

  /** What was sent under the last of these keys that was used, whatever it says; `null` where none was. */
  async lastUnder({ id }: Pick<Caller, 'id'>, keys: readonly string[]): Promise<{ id: string; place: number } | null> {
    const made = await this.dataSource.manager.find(BlastEntity, {
      select: { id: true, idempotencyKey: true },
      where: { createdBy: id, idempotencyKey: In(keys.map(keyOf)) },
    });
    const places = made.map((one) => ({
      id: one.id,
      place: keys.findIndex((key) => keyOf(key) === one.idempotencyKey),
    }));
    return places.toSorted((one, other) => other.place - one.place)[0] ?? null;
  }

  /** Takes back what no outlet has begun to send; whether it was in time. */
  async takeBack(id: string): Promise<boolean> {
    return (await this.ledger.moveMany('skipped', 'CANCELED', ['queued'], 'r.blast_id = $6', [id])) > 0;
  }

  /** Whether it is the number of an outlet that the caller may see. Koneksi tells its alerts to whoever wants them. */
  private async isOwn(caller: Caller, phone: string): Promise<boolean> {
    if (caller === KONEKSI) return false;
    const [row] = await this.dataSource.query<[{ own: boolean }]>(`SELECT ${ownNumber('$1', '$2::uuid[]')} AS own`, [
      phone,
      outletsOf(caller),
    ]);
    return row.own;
  }

  private async findByKey(caller: Caller, key: string | null, body: SendMessage): Promise<MadeOnce | null> {
    const idempotencyKey = keyOf(key);
    if (idempotencyKey === null) return null;
    const [found] = await this.dataSource.manager.find(BlastEntity, {
      select: { id: true, wrappedKey: true, requestHash: true },
      where: { createdBy: caller.id, idempotencyKey },
    });
    if (!found) return null;
    const { id: blastId, wrappedKey, requestHash } = found;
    if (this.keys.hashRequest({ blastId, wrappedKey }, JSON.stringify(body)) !== requestHash)
      throw new DomainError('IDEMPOTENCY_CONFLICT', 409, 'the key was used for another request');
    return { id: found.id, isEarlier: true };
  }
}
