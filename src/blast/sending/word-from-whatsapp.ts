import type { RecipientReason } from '@koneksi/contracts/blast-states';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { byHalves } from '../../common/by-halves.js';
import { Clock } from '../../common/clock.js';
import { EventBus, type Facts } from '../../common/event-bus.js';
import { sqlStateOf } from '../../common/postgres-errors.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { prepared } from '../../database/prepared.js';
import { SendingDesk } from '../../wa-session/desk/sending-desk.js';
import { SentMessages } from '../../wa-session/sent-messages.js';
import { BlastKeys } from '../blast-keys.js';
import { RESTRICTED_CODE } from '../domain/refusals.js';
import { Ledger, type MovedRow } from '../ledger.js';
import { toldReason, whyOutOfReach } from './out-of-reach.js';

/** Receipts come in crowds; those of so many milliseconds are looked up together. */
const GATHER_MS = 50;
/** After a look-up that failed, for the database is away. Milliseconds. */
const RETRY_MS = 1_000;
const REMEMBERED_CHATS = 20_000;
const REMEMBERED_MESSAGES = 20_000;

type Receipt = Facts['message.receipted']['kind'];

interface Gathered {
  outletId: string;
  messageId: string;
  kind: Receipt;
  /** Of everyone who waits until it is recorded. */
  settle: (() => void)[];
}

/** What WhatsApp and the people written to say, brought into the ledger. */
@Injectable()
export class WordFromWhatsapp implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Blast');
  private readonly receipts = new Map<string, Gathered>();
  /** Where the messages sent last are, by id: most receipts are for one of them. */
  private readonly sent = new Map<string, { blast_id: string; seq: number; outlet_id: string }>();
  private gathering: NodeJS.Timeout | null = null;
  private over = false;
  private readonly knownChats = new Set<string>();

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly ledger: Ledger,
    private readonly keys: BlastKeys,
    private readonly clock: Clock,
    bus: EventBus,
    sentMessages: SentMessages,
    private readonly desk: SendingDesk,
  ) {
    bus.on('message.receipted', ({ outletId, messageIds, kind, waitFor }) => {
      for (const messageId of messageIds)
        waitFor(new Promise<void>((settle) => this.gather({ outletId, messageId, kind, settle: [settle] })));
    });
    bus.on('message.answered', (answer) => void this.onLateAnswer(answer).catch(() => undefined));
    bus.on('message.received', ({ outletId, number }) => void this.onText(outletId, number).catch(() => undefined));
    ledger.onMoved(({ moved }) => {
      for (const row of moved) if (row.status === 'sending' && row.message_id) this.remember(row.message_id, row);
    });
    sentMessages.findIn((outletId, messageId) => this.findContent(outletId, messageId));
  }

  /** What is not recorded by now is not acknowledged either: WhatsApp says it again after the next login. */
  beforeApplicationShutdown(): void {
    this.over = true;
    if (this.gathering) clearTimeout(this.gathering);
  }

  private gather(receipt: Gathered, withinMs = GATHER_MS): void {
    if (this.over) return;
    const { messageId } = receipt;
    const known = this.receipts.get(messageId);
    const kind = known?.kind === 'read' ? 'read' : receipt.kind;
    this.receipts.set(messageId, { ...receipt, kind, settle: [...(known?.settle ?? []), ...receipt.settle] });
    this.gathering ??= setTimeout(() => {
      this.gathering = null;
      const receipts = [...this.receipts.values()];
      this.receipts.clear();
      void this.writeReceipts(receipts);
    }, withinMs);
  }

  private remember(messageId: string, { blast_id, seq, outlet_id }: MovedRow): void {
    this.sent.set(messageId, { blast_id, seq, outlet_id });
    if (this.sent.size > REMEMBERED_MESSAGES) this.sent.delete(this.sent.keys().next().value as string);
  }

  private async writeReceipts(all: readonly Gathered[]): Promise<void> {
    const receipts = all.filter((receipt) => {
      const { outletId, messageId } = receipt;
      const at = this.sent.get(messageId);
      if (at?.outlet_id !== outletId) return true;
      this.note(at, receipt);
      return false;
    });
    if (receipts.length === 0) return;
    await byHalves(receipts, {
      work: (some) => this.lookUp(some),
      onRefused: (receipt, error) => {
        this.logger.error(`A receipt cannot be looked up: PostgreSQL refuses it with ${sqlStateOf(error)}`);
        this.note(undefined, receipt);
      },
      // The database is away. WhatsApp says it only once, so it is said again to ourselves.
      onFailure: (some) => some.forEach((receipt) => this.gather(receipt, RETRY_MS)),
    });
  }

  private async lookUp(receipts: readonly Gathered[]): Promise<void> {
    const rows = await prepared<{ blast_id: string; seq: number; message_id: string }>(
      this.dataSource,
      `SELECT r.blast_id, r.seq, r.message_id FROM unnest($1::uuid[], $2::text[]) AS m(outlet_id, message_id)
       JOIN blast_recipients r ON r.message_id = m.message_id AND r.outlet_id = m.outlet_id`,
      [receipts.map(({ outletId }) => outletId), receipts.map(({ messageId }) => messageId)],
    );
    const found = new Map(rows.map((row) => [row.message_id, row]));
    for (const receipt of receipts) this.note(found.get(receipt.messageId), receipt);
  }

  /** Receipts of what we did not send are none of ours. */
  private note(at: { blast_id: string; seq: number } | undefined, { kind, settle }: Gathered): void {
    const done = (): void => settle.forEach((settled) => settled());
    if (!at) return done();
    void this.ledger.note({ blastId: at.blast_id, seq: at.seq, to: kind }).then(done, done);
  }

  private async onLateAnswer({ outletId, messageId, code }: Facts['message.answered']): Promise<void> {
    const [row] = await this.find(outletId, messageId);
    if (!row) return;
    const at = { blastId: row.blast_id, seq: row.seq };
    if (code === null) await this.ledger.record({ ...at, to: 'sent' });
    else {
      const reason = code === RESTRICTED_CODE ? await this.whyNotReached(outletId, row.number) : 'REFUSED';
      const owner = this.desk.owner(outletId);
      // Whoever has the outlet now may be sending it again.
      if (owner) await this.ledger.record({ ...at, to: 'failed', reason, code, from: ['sending', 'unknown'], owner });
    }
  }

  private async whyNotReached(outletId: string, number: string): Promise<RecipientReason> {
    const line = this.desk.line(outletId);
    return line ? toldReason(await whyOutOfReach(this.desk, line, number)) : 'NEW_CHAT_REFUSED';
  }

  /** Whoever writes to an outlet is no stranger to it. */
  private async onText(outletId: string, number: string): Promise<void> {
    const chat = `${outletId} ${number}`;
    if (this.knownChats.has(chat)) return;
    await this.dataSource.query(
      `INSERT INTO outlet_chats AS c (outlet_id, number, since, replied_at) SELECT id, $2, $3, $3 FROM outlets WHERE id = $1
       ON CONFLICT (outlet_id, number) DO UPDATE SET replied_at = EXCLUDED.replied_at WHERE c.replied_at IS NULL`,
      [outletId, number, new Date(this.clock.wall())],
    );
    if (this.knownChats.size >= REMEMBERED_CHATS) this.knownChats.clear();
    this.knownChats.add(chat);
  }

  private async findContent(outletId: string, messageId: string): Promise<Uint8Array | null> {
    const [row] = await this.find(outletId, messageId);
    if (!row?.content) return null;
    return this.keys.readContent({ blastId: row.blast_id, wrappedKey: row.wrapped_key }, row.seq, row.content);
  }

  private find(
    outletId: string,
    messageId: string,
  ): Promise<{ blast_id: string; seq: number; number: string; content: Buffer | null; wrapped_key: Buffer }[]> {
    return this.dataSource.query(
      `SELECT r.blast_id, r.seq, r.number, r.content, b.wrapped_key FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id
       WHERE r.message_id = $2 AND r.outlet_id = $1`,
      [outletId, messageId],
    );
  }
}
