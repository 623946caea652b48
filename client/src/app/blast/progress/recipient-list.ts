import { effect, inject, Service, signal, untracked } from '@angular/core';
import type { RecipientStatus } from '@koneksi/contracts/blast-states';
import type { BlastRecipient, ListedRecipient, RecipientChanges } from '@koneksi/contracts/blast-recipients';
import { ApiFault } from '../../core/api-fault';
import { Meanwhile } from '../../core/meanwhile';
import { BlastApi } from '../blast-api';
import { BlastWatch } from '../blast-watch';

const PAGE = 50;
const MOST_AT_ONCE = 500;
/** News that needs the page read again come up to four times a second; reading once a second is enough. */
const READ_AGAIN_AFTER_MS = 1_000;

/** The recipients as far as someone scrolled, kept true by pushes. */
@Service({ autoProvided: false })
export class RecipientList {
  readonly #api = inject(BlastApi);
  readonly #watch = inject(BlastWatch);
  /** Where those shown stand, or that they answered, wherever that is; '' for all. */
  readonly status = signal<RecipientStatus | 'replied' | ''>('');
  /** '' for all. */
  readonly outletId = signal('');
  readonly #rows = signal<readonly ListedRecipient[] | null>(null);
  readonly #next = signal<string | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  readonly rows = this.#rows.asReadonly();
  readonly next = this.#next.asReadonly();
  readonly fault = this.#fault.asReadonly();
  /** What is written now is read with the page: no push says it. */
  #keepsReplies = false;
  /** Which reading is the latest: an answer to an earlier one comes too late. */
  #reading = 0;
  readonly #meanwhile = new Meanwhile<RecipientChanges>((changes) => this.#apply(changes));

  constructor() {
    this.#watch.onRecipients((changes) => this.#meanwhile.take(changes));
    effect((onCleanup) => {
      this.status();
      this.outletId();
      // Each connection starts from the truth as it is told whole.
      if (this.#watch.synced() === null) return;
      untracked(() => void this.#read());
      onCleanup(() => this.#meanwhile.readNoMore());
    });
  }

  async more(): Promise<void> {
    const after = this.#next();
    if (after === null) return;
    await this.#load(PAGE, after);
  }

  retry(): void {
    void this.#read();
  }

  #read(): Promise<void> {
    return this.#load(Math.min(MOST_AT_ONCE, Math.max(PAGE, this.#rows()?.length ?? 0)), null);
  }

  #load(limit: number, after: string | null): Promise<void> {
    return this.#meanwhile.during(() => this.#ask(limit, after));
  }

  async #ask(limit: number, after: string | null): Promise<void> {
    const id = this.#watch.blast()?.id;
    if (!id) return;
    const reading = ++this.#reading;
    const [status, outletId] = [this.status(), this.outletId()];
    this.#fault.set(null);
    try {
      const page = await this.#api.recipients(id, {
        limit,
        ...(after && { after }),
        ...(status === 'replied' ? { replied: 'true' } : status && { status }),
        ...(outletId && { outletId }),
      });
      if (reading !== this.#reading) return;
      this.#rows.update((rows) => (after && rows ? [...rows, ...page.recipients] : page.recipients));
      this.#next.set(page.next);
      this.#keepsReplies = page.keepsReplies;
    } catch (thrown) {
      if (reading === this.#reading) this.#fault.set(ApiFault.of(thrown));
    }
  }

  #apply({ outletId, recipients, complete }: RecipientChanges): void {
    const rows = this.#rows();
    const status = this.status();
    if (!rows || (this.outletId() && this.outletId() !== outletId)) return;
    const news = new Map(recipients.map((recipient) => [recipient.id, recipient]));
    const isFiltered = status !== '';
    const isMeant = (row: Pick<BlastRecipient, 'status' | 'repliedAt'>): boolean =>
      status === 'replied' ? row.repliedAt !== null : row.status === status;
    const shown = rows.map((row) => ({ ...row, ...news.get(row.id) })).filter((row) => !isFiltered || isMeant(row));
    this.#rows.set(shown);
    const known = new Set(rows.map(({ id }) => id));
    const joins = isFiltered && recipients.some((row) => isMeant(row) && !known.has(row.id));
    const speaks = this.#keepsReplies && recipients.some(({ id, repliedAt }) => repliedAt !== null && known.has(id));
    if (!complete || joins || speaks || shown.length < rows.length)
      this.#meanwhile.readAgain(READ_AGAIN_AFTER_MS, () => this.#read());
  }
}
