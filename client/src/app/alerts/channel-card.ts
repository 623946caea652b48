import { Component, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { AlertChannelState } from '@koneksi/contracts/alerts';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { FormField } from '../ui/form-field';
import { Icon } from '../ui/icon';
import { RelativeTime } from '../ui/relative-time';
import { Submission } from '../ui/submission';
import { TextField } from '../ui/text-field';
import { AlertDesk } from './alert-desk';
import { AlertTexts } from './alert-texts';
import { isEmail } from './emails';
import { TestNews } from './test-news';

/** How a road is, and a way to try it. */
@Component({
  selector: 'app-channel-card',
  imports: [Icon, MatButton, RelativeTime, TextField],
  template: `
    <section class="panel" [attr.data-ready]="channel().ready" data-testid="channel">
      <h2>{{ a('channel.title') }}</h2>
      <p [class.bad]="!channel().ready" data-testid="channel-state">
        <app-icon [name]="channel().ready ? 'check' : 'warning'" />
        <span>{{ channel().ready ? a('channel.ready', { from: channel().from ?? '' }) : a('channel.missing') }}</span>
      </p>
      @if (channel().lastFault?.fault; as fault) {
        <p class="bad" data-testid="channel-fault">
          <app-icon name="warning" />
          <span>{{ a('channel.failing', { fault: news.faultOf(fault) }) }}</span>
        </p>
      }
      @if (channel().pending) {
        <p class="muted">{{ a('channel.pending', { count: channel().pending }) }}</p>
      }
      <p class="muted">
        @if (channel().lastSentAt; as at) {
          <span>{{ a('channel.lastSent') }} <app-relative-time [instant]="at" /></span>
        } @else {
          {{ a('channel.never') }}
        }
      </p>
      <form (submit)="send($event)" novalidate>
        <app-text-field
          name="test-email"
          type="email"
          inputmode="email"
          maxlength="254"
          [label]="a('channel.to')"
          [field]="fields.to"
        />
        <button matButton="outlined" type="submit" [disabled]="form.busy()" disabledInteractive data-testid="send-test">
          {{ a('channel.send') }}
        </button>
      </form>
      <div role="alert" class="bad" data-testid="test-problem">{{ form.problem() }}</div>
    </section>
  `,
  styles: `
    section {
      display: grid;
      gap: 6px;
      padding: 16px;
    }
    h2 {
      font-size: 1rem;
      font-weight: 600;
    }
    p {
      display: flex;
      gap: 8px;
      align-items: start;
      overflow-wrap: anywhere;
    }
    .bad {
      color: var(--k-danger);
    }
    form {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 12px;
      align-items: start;
      margin-block-start: 8px;
    }
    app-text-field {
      flex: 0 1 320px;
      min-width: 0;
    }
    form > button {
      margin-block-start: 24px;
    }
    @media (max-width: 499px) {
      app-text-field {
        flex-basis: 100%;
      }
      form > button {
        margin-block-start: 0;
      }
    }
  `,
})
export class ChannelCard {
  readonly #desk = inject(AlertDesk);
  protected readonly news = inject(TestNews);
  readonly #locale = inject(Texts).locale;
  protected readonly a = inject(AlertTexts).a;
  readonly channel = input.required<AlertChannelState>();
  readonly #own = signal(inject(AuthStore).user()?.email ?? '');
  protected readonly fields = {
    to: new FormField(this.#own(), (to) => (isEmail(to.trim()) ? null : this.a('channel.wrong'))),
  };
  protected readonly form = new Submission(this.fields);

  protected send(event: Event): Promise<void> {
    return this.form.run(event, async () => {
      const to = this.fields.to.value().trim();
      this.news.tell([await this.#desk.testChannel({ channel: 'email', to, language: this.#locale() })]);
    });
  }
}
