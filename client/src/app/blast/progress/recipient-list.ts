import { effect, inject, Service, signal, untracked } from '@angular/core';
import type { RecipientStatus } from '@koneksi/contracts/blast-states';
import type { BlastRecipient, ListedRecipient, RecipientChanges } from '@koneksi/contracts/blast-recipients';
import { Meanwhile } from '../../core/meanwhile';
import { PagedList } from '../../core/paged-list';
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
  readonly #list = new PagedList<ListedRecipient>(
    (after, about) => this.#page(after, about),
    ({ id }) => id,
    (read) => this.#meanwhile.during(read),
  );
  readonly items = this.#list.items;
  readonly fault = this.#list.fault;
  readonly more = this.#list.more;
  readonly moreFault = this.#list.moreFault;
  /** What is written now is read with the page: no push says it. */
  #keepsReplies = false;
  readonly #meanwhile = new Meanwhile<RecipientChanges>((changes) => this.#apply(changes));

  constructor() {
    this.#watch.onRecipients((changes) => this.#meanwhile.take(changes));
    effect((onCleanup) => {
      this.status();
      this.outletId();
      // Others than before.
      if (untracked(this.#watch.synced) !== null) untracked(() => void this.load());
      onCleanup(() => this.#meanwhile.readNoMore());
    });
    effect(() => {
      // Each connection starts from the truth as it is told whole.
      if (this.#watch.synced() !== null) untracked(() => void this.#again());
    });
  }

  load(): Promise<void> {
    return this.#meanwhile.during(() => this.#list.load());
  }

  loadMore(): Promise<void> {
    return this.#meanwhile.during(() => this.#list.loadMore());
  }

  #again(): Promise<void> {
    return this.#meanwhile.during(() => this.#list.again());
  }

  async #page(
    after: string | null,
    about: number,
  ): Promise<{ items: readonly ListedRecipient[]; next: string | null }> {
    const [id, status, outletId] = [this.#watch.blast()!.id, this.status(), this.outletId()];
    const page = await this.#api.recipients(id, {
      limit: Math.min(MOST_AT_ONCE, Math.max(PAGE, about)),
      ...(after && { after }),
      ...(status === 'replied' ? { replied: 'true' } : status && { status }),
      ...(outletId && { outletId }),
    });
    this.#keepsReplies = page.keepsReplies;
    return { items: page.recipients, next: page.next };
  }

  #apply({ outletId, recipients, complete }: RecipientChanges): void {
    const rows = this.items();
    const status = this.status();
    if (!rows || (this.outletId() && this.outletId() !== outletId)) return;
    const news = new Map(recipients.map((recipient) => [recipient.id, recipient]));
    const isFiltered = status !== '';
    const isMeant = (row: Pick<BlastRecipient, 'status' | 'repliedAt'>): boolean =>
      status === 'replied' ? row.repliedAt !== null : row.status === status;
    const shown = rows.map((row) => ({ ...row, ...news.get(row.id) })).filter((row) => !isFiltered || isMeant(row));
    this.#list.change(() => shown);
    const known = new Set(rows.map(({ id }) => id));
    const joins = isFiltered && recipients.some((row) => isMeant(row) && !known.has(row.id));
    const speaks = this.#keepsReplies && recipients.some(({ id, repliedAt }) => repliedAt !== null && known.has(id));
    if (!complete || joins || speaks || shown.length < rows.length)
      this.#meanwhile.readAgain(READ_AGAIN_AFTER_MS, () => this.#again());
  }
}
