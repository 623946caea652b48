import { Clipboard } from '@angular/cdk/clipboard';
import { Component, computed, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import type { CreatedReconnectLink, ReconnectLink } from '@koneksi/contracts/reconnect-links';
import { ApiFault } from '../../core/api-fault';
import { Clock } from '../../core/clock';
import { exactTime } from '../../core/formats';
import { FaultSentence } from '../../core/fault-sentence';
import { whenRecordsChange } from '../../core/records-changed';
import { Texts } from '../../core/texts';
import { ChoiceField } from '../../ui/forms/choice-field';
import { Icon } from '../../ui/icon';
import { Notifier } from '../../ui/notifier';
import { LinkPrinter } from './link-printer';
import { QrCode } from '../../ui/qr-code';
import { ReconnectLinkApi } from './reconnect-link-api';
import { QuotaWarning } from '../../quotas/quota-warning';

export interface LinkedOutletName {
  id: string;
  name: string;
}

/** How long a link may be good for, in minutes. */
const LENGTHS = ['60', '1440', '10080'] as const;

/** Makes a link for whoever has the outlet's phone and no account, and ends those that are open. */
@Component({
  selector: 'app-reconnect-links-dialog',
  imports: [ChoiceField, Icon, MatButton, MatDialogModule, MatIconButton, QrCode, QuotaWarning],
  providers: [LinkPrinter],
  templateUrl: './reconnect-links-dialog.html',
  styleUrls: ['../../ui/forms/form-dialog.css', './reconnect-links-dialog.css'],
})
export class ReconnectLinksDialog {
  protected readonly outlet = inject<LinkedOutletName>(MAT_DIALOG_DATA);
  readonly #api = inject(ReconnectLinkApi);
  readonly #clipboard = inject(Clipboard);
  readonly #notifier = inject(Notifier);
  readonly #texts = inject(Texts);
  protected readonly printer = inject(LinkPrinter);
  protected readonly sentence = inject(FaultSentence);
  protected readonly t = this.#texts.t;

  protected readonly length = signal<string>('1440');
  protected readonly lengths = computed(() =>
    LENGTHS.map((value) => ({ value, label: this.t(`links.length.${value}`) })),
  );
  readonly #now = inject(Clock).now;
  readonly #made = signal<CreatedReconnectLink | null>(null);
  readonly #links = signal<ReconnectLink[] | null>(null);
  // Nobody tells of the end that was known from the beginning.
  protected readonly made = computed(() => [this.#made()].find((link) => link && this.#stillOpens(link)) ?? null);
  protected readonly links = computed(() => this.#links()?.filter((link) => this.#stillOpens(link)) ?? null);
  protected readonly fault = signal<ApiFault | null>(null);
  protected readonly busy = signal(false);

  constructor() {
    void this.load();
    whenRecordsChange(['reconnect-link'], () => this.#read());
  }

  protected async load(): Promise<void> {
    await this.#read().catch((thrown: unknown) => this.fault.set(ApiFault.of(thrown)));
  }

  async #read(): Promise<void> {
    const made = this.#made();
    const links = await this.#api.list(this.outlet.id);
    this.fault.set(null);
    this.#links.set(links);
    // Somebody came in by it, or it was revoked elsewhere.
    if (made && made === this.#made() && !links.some(({ id }) => id === made.id)) this.#made.set(null);
  }

  protected async make(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      this.#made.set(await this.#api.make(this.outlet.id, Number(this.length())));
      await this.load();
    } catch (fault) {
      this.#notifier.tellFault(fault);
    } finally {
      this.busy.set(false);
    }
  }

  protected async revoke(id: string): Promise<void> {
    try {
      await this.#api.revoke(id);
      if (this.#made()?.id === id) this.#made.set(null);
      this.#notifier.tell('links.revoked');
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
    // Also where it was over already.
    await this.load();
  }

  protected copy(url: string): void {
    this.#notifier.tell(this.#clipboard.copy(url) ? 'links.copied' : 'links.copyRefused');
  }

  #stillOpens({ expiresAt }: { expiresAt: string }): boolean {
    return Date.parse(expiresAt) > this.#now();
  }

  protected time(instant: string): string {
    return exactTime(instant, this.#texts.locale());
  }
}
