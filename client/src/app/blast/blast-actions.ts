import { computed, inject, Service, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { ChangedRecipients, RecipientPage, ResolveUnknown } from '@koneksi/contracts/blast-recipients';
import type { FollowUp } from '@koneksi/contracts/follow-ups';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { ApiFault } from '../core/api-fault';
import { FaultSentence } from '../core/fault-sentence';
import { wholeNumber } from '../core/formats';
import { Texts } from '../core/texts';
import { saveFile } from '../core/save-file';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { BlastApi, type BlastVerb } from './blast-api';
import { BlastDraft } from './blast-draft';
import { BlastTexts } from './blast-texts';
import { BlastWatch } from './blast-watch';

/** What people do with the blast they look at. What comes of it is pushed. */
@Service({ autoProvided: false })
export class BlastActions {
  readonly #api = inject(BlastApi);
  readonly #watch = inject(BlastWatch);
  readonly #draft = inject(BlastDraft);
  readonly #router = inject(Router);
  readonly #dialog = inject(MatDialog);
  readonly #sentence = inject(FaultSentence);
  readonly #locale = inject(Texts).locale;
  readonly #b = inject(BlastTexts).b;
  readonly #working = signal(false);
  readonly #problem = signal<string | null>(null);
  readonly #gone = signal(0);
  readonly #stillOften = signal(false);
  readonly working = this.#working.asReadonly();
  readonly problem = this.#problem.asReadonly();
  /** What the last deed left undone. */
  readonly notice = computed(() => {
    if (this.#stillOften()) return this.#b('actions.stillTooOften');
    const count = this.#gone();
    return count ? this.#b('actions.outletGone', { count: wholeNumber(count, this.#locale()) }) : null;
  });

  pause(): Promise<void> {
    return this.#verb('pause');
  }

  resume(): Promise<void> {
    return this.#verb('resume');
  }

  async start(): Promise<void> {
    const count = this.#count('queued');
    if (await this.#agreed('startTitle', 'startBody', 'start', { count }, true)) await this.#verb('start');
  }

  /** Within the seconds after the press: nothing of it leaves, and its maker writes on. */
  async takeBack(): Promise<void> {
    await this.#attempt(async (id) => {
      this.#watch.adopt(await this.#api.do(id, 'cancel'));
      await this.#compose(false);
    });
  }

  /** The same once more, or otherwise while it has not begun. */
  async again(replaces: boolean): Promise<void> {
    await this.#attempt(() => this.#compose(replaces));
  }

  /** Another message to those who have not got, read or answered this one. */
  async follow(who: FollowUp): Promise<void> {
    const blast = this.#watch.blast();
    if (!blast) return;
    this.#draft.follow(blast, who);
    await this.#router.navigate(['/blast/new']);
  }

  async #compose(replaces: boolean): Promise<void> {
    const blast = this.#watch.blast();
    if (!blast) return;
    const isByHand = blast.audience === null || ['contacts', 'phones'].includes(blast.audience.kind);
    this.#draft.adopt(blast, isByHand ? await this.#phonesOf(blast.id) : [], replaces);
    await this.#router.navigate(['/blast/new']);
  }

  async #phonesOf(id: string): Promise<string[]> {
    const phones: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: RecipientPage = await this.#api.recipients(id, { limit: 500, ...(after && { after }) });
      phones.push(...page.recipients.map(({ phone }) => phone));
      after = page.next;
    }
    return phones;
  }

  async cancel(): Promise<void> {
    const count = this.#count('queued');
    if (await this.#agreed('cancelTitle', 'cancelBody', 'cancelYes', { count })) await this.#verb('cancel');
  }

  /** Those who failed, and those who had had too many: the server asks anew whether they have. */
  async retry(): Promise<void> {
    const tooOften = this.#watch.blast()?.tooOften ?? 0;
    const isOften = tooOften > 0 && this.#watch.blast()?.counts.failed === 0;
    const count = isOften ? wholeNumber(tooOften, this.#locale()) : this.#count('failed');
    const body = isOften ? 'retryOftenBody' : tooOften > 0 ? 'retryBothBody' : 'retryBody';
    if (!(await this.#agreed(isOften ? 'retryOftenTitle' : 'retryTitle', body, 'retry', { count }, true))) return;
    await this.#attempt(async (id) => {
      const answer = await this.#api.retry(id);
      this.#tell(answer);
      this.#stillOften.set(isOften && answer.recipients === 0);
    });
  }

  /** What a person says of one uncertain recipient, or of all. */
  async resolve(word: ResolveUnknown['as'], recipientId?: string): Promise<void> {
    const count = recipientId ? '1' : this.#count('unknown');
    const asked = word === 'resend' || !recipientId;
    const key = ({ sent: 'asSent', failed: 'asFailed', resend: 'resend' } as const)[word];
    if (asked && !(await this.#agreed('resolveTitle', `${key}Body`, key, { count }, true))) return;
    const answer = { as: word, ...(recipientId && { recipientId }) };
    await this.#attempt(async (id) => this.#tell(await this.#api.resolve(id, answer)));
  }

  async download(): Promise<void> {
    await this.#attempt(async (id) => saveFile(await this.#api.csv(id), `blast-${id}.csv`));
  }

  #verb(verb: BlastVerb): Promise<void> {
    return this.#attempt(async (id) => this.#watch.adopt(await this.#api.do(id, verb)));
  }

  #tell({ outletGone }: ChangedRecipients): void {
    this.#gone.set(outletGone);
  }

  #count(status: 'queued' | 'failed' | 'unknown'): string {
    return wholeNumber(this.#watch.blast()?.counts[status] ?? 0, this.#locale());
  }

  async #agreed(
    title: 'startTitle' | 'cancelTitle' | 'retryTitle' | 'retryOftenTitle' | 'resolveTitle',
    body:
      | 'startBody'
      | 'cancelBody'
      | 'retryBody'
      | 'retryBothBody'
      | 'retryOftenBody'
      | 'asSentBody'
      | 'asFailedBody'
      | 'resendBody',
    confirm: 'start' | 'cancelYes' | 'retry' | 'asSent' | 'asFailed' | 'resend',
    params: { count: string },
    harmless = false,
  ): Promise<boolean> {
    const confirmation: Confirmation = {
      title: this.#b(`actions.${title}`, params),
      body: this.#b(`actions.${body}`, params),
      confirm: this.#b(`actions.${confirm}`),
      back: this.#b('compose.back'),
      harmless,
    };
    const dialog = this.#dialog.open(ConfirmDialog, { data: confirmation, panelClass: 'dialog' });
    return (await firstValueFrom(dialog.afterClosed())) === true;
  }

  async #attempt(work: (id: string) => Promise<unknown>): Promise<void> {
    const id = this.#watch.blast()?.id;
    if (!id || this.#working()) return;
    this.#working.set(true);
    this.#problem.set(null);
    this.#gone.set(0);
    this.#stillOften.set(false);
    try {
      await work(id);
    } catch (thrown) {
      this.#problem.set(this.#sentence.of(ApiFault.of(thrown)));
    } finally {
      this.#working.set(false);
    }
  }
}
