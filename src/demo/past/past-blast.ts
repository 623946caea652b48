import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Outlet } from '@koneksi/contracts/outlets';
import { WAY_OUT } from '@koneksi/contracts/way-out';
import { DataSource, In } from 'typeorm';
import { BlastKeys } from '../../blast/blast-keys.js';
import { BlastRecipientEntity } from '../../blast/blast-recipient.entity.js';
import { BlastEntity, BlastOutletEntity } from '../../blast/blast.entity.js';
import { OutletChatEntity } from '../../blast/limits/limits.entity.js';
import { Clock } from '../../common/clock.js';
import { ContactEntity } from '../../contacts/contact.entity.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Before the first start. */
const STARTED_AGO_MS = 50 * HOUR_MS;
const PACE_MS = 11_000;
const TITLE = 'Gratis minuman kedua';
const MESSAGE =
  'Halo {{nama}}, besok setiap {{minuman}} kedua gratis di {{outlet}}. Balas YA, dan kami siapkan untuk Anda.';

type Recipient = Pick<BlastRecipientEntity, 'status' | 'reason' | 'sentAt' | 'deliveredAt' | 'readAt' | 'repliedAt'>;

/** A blast of two days ago with receipts and answers, in the tables where one would have left them. */
@Injectable()
export class PastBlast {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: BlastKeys,
    private readonly clock: Clock,
  ) {}

  /** @param by who sent it, and to whose customers */
  async write(by: { id: string; name: string }, outlets: readonly Outlet[]): Promise<void> {
    const id = randomUUID();
    const startedAt = this.clock.wall() - STARTED_AGO_MS;
    const key = this.keys.issue(id);
    const contacts = await this.dataSource.manager.find(ContactEntity, {
      where: { outletId: In(outlets.map((outlet) => outlet.id)) },
      order: { outletId: 'ASC', number: 'ASC' },
    });
    const nth = new Map<string, number>();
    const rows = contacts.map((contact, index) => {
      const place = nth.get(contact.outletId) ?? 0;
      nth.set(contact.outletId, place + 1);
      const sendingAt = startedAt + place * PACE_MS;
      return {
        blastId: id,
        seq: index + 1,
        outletId: contact.outletId,
        number: contact.number,
        name: contact.name,
        params: { minuman: contact.fields['minuman'] ?? '' },
        contactId: contact.id,
        messageId: this.keys.messageId(id, contact.number),
        sendingAt: new Date(sendingAt),
        ...cameOf(place, sendingAt),
      };
    });
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(BlastEntity, {
        id,
        title: TITLE,
        status: 'finished',
        revision: String(rows.length),
        createdAt: new Date(startedAt),
        createdBy: by.id,
        createdByName: by.name,
        wayOut: { how: 'APPENDED', line: WAY_OUT.id, reason: null },
        audience: { kind: 'all', outletIds: outlets.map((outlet) => outlet.id) },
        startedAt: new Date(startedAt),
        finishedAt: new Date(Math.max(...rows.map(({ sendingAt }) => sendingAt.getTime())) + PACE_MS),
        recipients: rows.length,
        keyId: key.keyId,
        wrappedKey: key.wrappedKey,
        message: this.keys.sealMessage(key, MESSAGE),
        requestHash: this.keys.hashRequest(key, MESSAGE),
      });
      await manager.insert(BlastRecipientEntity, rows);
      await manager.insert(
        BlastOutletEntity,
        outlets.map(({ id: outletId, name }) => ({
          blastId: id,
          outletId,
          outletName: name,
          ...countsOf(rows.filter((row) => row.outletId === outletId)),
        })),
      );
      await manager.insert(
        OutletChatEntity,
        rows.flatMap(({ outletId, number, sentAt, repliedAt }) =>
          sentAt ? [{ outletId, number, since: sentAt, repliedAt }] : [],
        ),
      );
    });
  }
}

/** What became of the recipient at this place: one number is not on WhatsApp, most got it, many read it, some answered. */
function cameOf(place: number, sendingAt: number): Recipient {
  const after = (ms: number): Date => new Date(sendingAt + ms);
  const none = { reason: null, sentAt: null, deliveredAt: null, readAt: null, repliedAt: null };
  if (place === 0) return { ...none, status: 'skipped', reason: 'NOT_ON_WHATSAPP' };
  const sent = { ...none, sentAt: after(600) };
  if (place % 8 === 5) return { ...sent, status: 'sent' };
  const delivered = { ...sent, deliveredAt: after(2_400) };
  if (place % 3 === 0) return { ...delivered, status: 'delivered' };
  const read = { ...delivered, readAt: after((4 + ((place * 7) % 50)) * MINUTE_MS) };
  const repliedAt = place % 5 === 1 ? after((6 + ((place * 11) % 80)) * MINUTE_MS) : null;
  return { ...read, status: 'read', repliedAt };
}

function countsOf(rows: readonly Recipient[]): Partial<BlastOutletEntity> {
  const count = (status: Recipient['status']): number => rows.filter((row) => row.status === status).length;
  return {
    sent: count('sent'),
    delivered: count('delivered'),
    read: count('read'),
    skipped: count('skipped'),
    replied: rows.filter(({ repliedAt }) => repliedAt !== null).length,
  };
}
