import { Component, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { AlertDelivery } from '@koneksi/contracts/alerts';
import { Icon } from '../ui/icon';
import { Notifier } from '../ui/notifier';
import { RelativeTime } from '../ui/relative-time';
import { NoAddress, PushBrowser } from './push-browser';
import { PushTexts } from './push-texts';
import { PUSH_ID } from './i18n/id';

/** Switches notices of this browser on and off, tries them, and shows in which others they are on. */
@Component({
  selector: 'app-push-panel',
  imports: [Icon, MatButton, MatIconButton, RelativeTime],
  template: `
    <section class="panel" data-testid="push" [attr.data-state]="browser.state()">
      <h2>{{ p('title') }}</h2>
      <p class="muted">{{ p('lead') }}</p>
      <p role="status" data-testid="push-state">
        <app-icon [name]="browser.state() === 'on' ? 'check' : 'bell'" />
        <span>{{ p(stateKey()) }}</span>
      </p>
      <div class="acts">
        @switch (browser.state()) {
          @case ('on') {
            <button
              matButton="outlined"
              [disabled]="busy()"
              disabledInteractive
              (click)="test()"
              data-testid="push-test"
            >
              {{ p('test') }}
            </button>
            <button matButton [disabled]="busy()" disabledInteractive (click)="turnOff()" data-testid="push-off">
              {{ p('turnOff') }}
            </button>
          }
          @case ('off') {
            <button matButton="filled" [disabled]="busy()" disabledInteractive (click)="turnOn()" data-testid="push-on">
              {{ p('turnOn') }}
            </button>
          }
        }
      </div>
      @if (browser.others().length) {
        <h3>{{ p('others') }}</h3>
        <ul>
          @for (other of browser.others(); track other.id) {
            <li data-testid="push-other">
              <span>{{ other.browser }}</span>
              <app-relative-time class="muted" [instant]="other.createdAt" />
              <button
                matIconButton
                [attr.aria-label]="p('remove', { browser: other.browser })"
                (click)="remove(other.id)"
              >
                <app-icon name="trash" />
              </button>
            </li>
          }
        </ul>
      }
    </section>
  `,
  styles: `
    :host {
      display: block;
      margin-block-end: 16px;
    }
    section {
      display: grid;
      gap: 8px;
      padding: 16px;
    }
    h2 {
      font-size: 1rem;
      font-weight: 600;
    }
    h3 {
      font-size: 0.875rem;
      font-weight: 600;
    }
    p {
      display: flex;
      gap: 8px;
      align-items: start;
      max-width: 72ch;
    }
    .acts {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      min-height: 44px;
    }
    li button {
      margin-inline-start: auto;
    }
  `,
})
export class PushPanel {
  protected readonly browser = inject(PushBrowser);
  protected readonly p = inject(PushTexts).p;
  readonly #notifier = inject(Notifier);
  readonly #bar = inject(MatSnackBar);
  protected readonly busy = signal(false);

  constructor() {
    void this.#run(() => this.browser.load());
  }

  protected stateKey(): `state.${ReturnType<PushBrowser['state']>}` {
    return `state.${this.browser.state()}`;
  }

  protected turnOn(): Promise<void> {
    return this.#run(() => this.browser.turnOn());
  }

  protected turnOff(): Promise<void> {
    return this.#run(() => this.browser.turnOff());
  }

  protected remove(id: string): Promise<void> {
    return this.#run(() => this.browser.remove(id));
  }

  protected test(): Promise<void> {
    return this.#run(async () => {
      const own = this.browser.own();
      if (own) this.#tell(await this.browser.test(own.id));
    });
  }

  #tell({ status, lastTries }: AlertDelivery): void {
    const fault = lastTries[0]?.fault ?? 'other';
    const key = fault in PUSH_ID.fault ? (fault as keyof typeof PUSH_ID.fault) : 'other';
    const text = status === 'sent' ? this.p('tested') : this.p('notTested', { fault: this.p(`fault.${key}`) });
    this.#bar.open(text, undefined, { duration: 10_000 });
  }

  async #run(work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await work();
    } catch (thrown) {
      // Whoever said no to the browser sees that in the state.
      if (!(thrown instanceof NoAddress)) this.#notifier.tellFault(thrown);
      else if (this.browser.state() !== 'blocked') this.#bar.open(this.p('refused'), undefined, { duration: 10_000 });
    } finally {
      this.busy.set(false);
    }
  }
}
