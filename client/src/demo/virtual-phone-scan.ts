import { HttpClient } from '@angular/common/http';
import { Component, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import { Icon } from '../app/ui/icon';
import { Notifier } from '../app/ui/notifier';
import { DemoTexts } from './demo-texts';

/** Stands in for the hand that holds the phone. The server passes the present QR to this outlet's virtual phone. */
@Component({
  selector: 'app-virtual-phone-scan',
  imports: [Icon, MatButton],
  template: `
    <button
      matButton="outlined"
      [disabled]="scanning()"
      disabledInteractive
      aria-describedby="virtual-phone-hint"
      (click)="scan()"
      data-testid="virtual-phone-scan"
    >
      <app-icon name="phone" />
      {{ t(scanning() ? 'scan.busy' : 'scan.press') }}
    </button>
    <p id="virtual-phone-hint" class="muted">{{ t('scan.hint') }}</p>
  `,
  styles: `
    :host {
      display: grid;
      gap: 6px;
    }
    p {
      text-align: center;
      font-size: 0.75rem;
    }
  `,
})
export class VirtualPhoneScan {
  readonly outletId = input.required<string>();
  readonly #http = inject(HttpClient);
  readonly #notifier = inject(Notifier);
  protected readonly t = inject(DemoTexts).t;
  protected readonly scanning = signal(false);

  protected async scan(): Promise<void> {
    if (this.scanning()) return;
    this.scanning.set(true);
    try {
      await firstValueFrom(this.#http.post(`/api/demo/phones/${this.outletId()}/scan`, {}));
    } catch (fault) {
      this.#notifier.tellFault(fault);
    } finally {
      this.scanning.set(false);
    }
  }
}
