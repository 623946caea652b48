import { Clipboard } from '@angular/cdk/clipboard';
import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';
import { Notifier } from '../ui/notifier';

@Component({
  selector: 'app-pairing-code',
  imports: [Icon, MatButton],
  template: `
    <span class="muted" id="pairing-code-label">{{ t('connect.code') }}</span>
    <output class="numbers" aria-labelledby="pairing-code-label" data-testid="pairing-code">{{ grouped() }}</output>
    <button matButton="tonal" (click)="copy()" data-testid="copy-code">
      <app-icon name="copy" />
      {{ t('connect.copy') }}
    </button>
  `,
  styles: `
    :host {
      display: grid;
      align-content: center;
      justify-items: center;
      gap: 14px;
      min-height: 320px;
      padding: 24px;
      border-radius: 8px;
      background: var(--k-sunken);
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
  readonly #clipboard = inject(Clipboard);
  readonly #notifier = inject(Notifier);
  protected readonly t = inject(Texts).t;
  /** As WhatsApp asks for it: two groups of four. */
  protected readonly grouped = computed(() => this.code().replace(/^(.{4})(.{4})$/, '$1-$2'));

  protected copy(): void {
    this.#notifier.tell(this.#clipboard.copy(this.code()) ? 'connect.copied' : 'connect.copyRefused');
  }
}
