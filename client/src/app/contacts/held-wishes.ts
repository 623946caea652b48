import { Component, inject, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { HeldWish } from '@koneksi/contracts/opt-outs';
import { Texts } from '../core/texts';
import { Notifier } from '../ui/notifier';
import { RelativeTime } from '../ui/relative-time';
import { numberText } from '../ui/number-text';
import { OptOutApi } from './opt-out-api';

/** Messages that look like a wish to hear no more: a person says yes or no. */
@Component({
  selector: 'app-held-wishes',
  imports: [MatButton, RelativeTime],
  template: `
    @if (wishes().length) {
      <section class="panel" aria-labelledby="held-title" data-testid="held-wishes">
        <h2 id="held-title">{{ t('optOuts.heldTitle', { count: number(count()) }) }}</h2>
        <p class="muted">{{ t('optOuts.heldLead') }}</p>
        <ul>
          @for (wish of wishes(); track wish.phone) {
            <li data-testid="held-wish" [attr.data-phone]="wish.phone">
              <div class="who">
                <strong>{{ wish.name ?? t('contacts.nameless') }}</strong>
                <span class="muted numbers">{{ phone(wish.phone) }}</span>
              </div>
              <div class="said">
                <span>{{ t('optOuts.heldWords', { words: wish.words }) }}</span>
                <span class="muted">
                  {{ t('optOuts.heldAt', { outlet: wish.outletName ?? t('optOuts.anotherOutlet') }) }}
                  <app-relative-time [instant]="wish.at" />
                </span>
              </div>
              <div class="answers">
                <button
                  matButton="filled"
                  type="button"
                  [disabled]="deciding() !== null"
                  disabledInteractive
                  (click)="decide(wish, true)"
                  data-testid="held-yes"
                >
                  {{ t('optOuts.heldYes') }}<span class="sr-only"> {{ phone(wish.phone) }}</span>
                </button>
                <button
                  matButton="outlined"
                  type="button"
                  [disabled]="deciding() !== null"
                  disabledInteractive
                  (click)="decide(wish, false)"
                  data-testid="held-no"
                >
                  {{ t('optOuts.heldNo') }}<span class="sr-only"> {{ phone(wish.phone) }}</span>
                </button>
              </div>
            </li>
          }
        </ul>
      </section>
    }
  `,
  styles: `
    section {
      margin-block-end: 16px;
      padding: 14px 16px;
    }
    h2 {
      margin: 0 0 2px;
      font-size: 1rem;
    }
    ul {
      margin: 8px 0 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: minmax(160px, 1fr) minmax(200px, 1.6fr) auto;
      gap: 6px 16px;
      align-items: center;
      padding-block: 10px;
      border-top: 1px solid var(--k-border);
    }
    .who,
    .said {
      display: grid;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .muted {
      font-size: 0.8125rem;
    }
    .answers {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    @media (max-width: 899px) {
      li {
        grid-template-columns: 1fr;
      }
      .answers button {
        flex: 1 1 130px;
        min-height: 44px;
      }
    }
  `,
})
export class HeldWishes {
  readonly decided = output<void>();
  readonly #api = inject(OptOutApi);
  readonly #notifier = inject(Notifier);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly phone = numberText;
  protected readonly wishes = signal<readonly HeldWish[]>([]);
  protected readonly count = signal(0);
  protected readonly deciding = signal<string | null>(null);

  constructor() {
    void this.#load();
  }

  protected async decide({ phone }: HeldWish, stop: boolean): Promise<void> {
    if (this.deciding()) return;
    this.deciding.set(phone);
    try {
      await this.#api.decide(phone, stop);
      this.#notifier.tell(stop ? 'optOuts.heldStopped' : 'optOuts.heldKept', { phone: numberText(phone) });
      this.decided.emit();
    } catch (fault) {
      this.#notifier.tellFault(fault);
    } finally {
      this.deciding.set(null);
      await this.#load();
    }
  }

  async #load(): Promise<void> {
    // Where they cannot be asked for, the list below says what is wrong.
    const { wishes, count } = await this.#api.held().catch(() => ({ wishes: [], count: 0 }));
    this.wishes.set(wishes);
    this.count.set(count);
  }
}
