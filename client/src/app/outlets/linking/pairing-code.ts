import { Clipboard } from '@angular/cdk/clipboard';
import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Texts } from '../../core/texts';
import { Icon } from '../../ui/icon';
import { Notifier } from '../../ui/notifier';

/** Opens WhatsApp where linked devices are listed; its own QR codes lead there too. */
const LINKED_DEVICES = 'https://wa.me/settings/linked_devices';

@Component({
  selector: 'app-pairing-code',
  imports: [Icon, MatButton],
  template: `
    <span class="muted" id="pairing-code-label">{{ t('connect.code') }}</span>
    <output class="numbers" aria-labelledby="pairing-code-label" data-testid="pairing-code">{{ grouped() }}</output>
    <p class="numbers muted" data-testid="code-countdown">
      @if (expiresIn(); as time) {
        {{ t('connect.codeExpiresIn', { time }) }}
      }
    </p>
    <div class="buttons">
      <button matButton="tonal" (click)="copy()" data-testid="copy-code">
        <app-icon name="copy" />
        {{ t('connect.copy') }}
      </button>
      @if (onPhone()) {
        <a matButton="filled" [href]="linkedDevices" target="_blank" rel="noopener" data-testid="open-whatsapp">
          {{ t('connect.openWhatsApp') }}
        </a>
      }
    </div>
  `,
  styles: `
    :host {
      display: grid;
      align-content: center;
      justify-items: center;
      gap: 8px;
      padding: 16px;
      border-radius: 8px;
      background: var(--k-sunken);
    }
    p {
      min-height: 1.45em;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
    }
    output {
      font:
        600 2rem/1.2 ui-monospace,
        'Cascadia Mono',
        'SF Mono',
        Menlo,
        Consolas,
        monospace;
      letter-spacing: 0.04em;
      user-select: all;
    }
  `,
})
export class PairingCode {
  readonly code = input.required<string>();
  readonly expiresIn = input.required<string | null>();
  readonly onPhone = input.required<boolean>();
  protected readonly linkedDevices = LINKED_DEVICES;
  readonly #clipboard = inject(Clipboard);
  readonly #notifier = inject(Notifier);
  protected readonly t = inject(Texts).t;
  /** As WhatsApp asks for it: two groups of four. */
  protected readonly grouped = computed(() => this.code().replace(/^(.{4})(.{4})$/, '$1-$2'));

  protected copy(): void {
    this.#notifier.tell(this.#clipboard.copy(this.code()) ? 'connect.copied' : 'connect.copyRefused');
  }
}
