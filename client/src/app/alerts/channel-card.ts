import { Component, computed, effect, inject, input, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { AlertChannelState, AlertRecipient } from '@koneksi/contracts/alerts';
import { normalizePhoneNumber } from '@koneksi/contracts/phone-number';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { FormField } from '../ui/forms/form-field';
import { Icon } from '../ui/icon';
import { RelativeTime } from '../ui/relative-time';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { AlertDesk } from './alert-desk';
import { AlertTexts } from './alert-texts';
import { isEmail } from './recipients';
import { TestNews } from './test-news';

/** How a road is, and a way to try it. */
@Component({
  selector: 'app-channel-card',
  imports: [Icon, MatButton, RelativeTime, TextField],
  template: `
    <section class="panel" [attr.data-ready]="channel().ready" [attr.data-testid]="'channel-' + channel().channel">
      <h2>{{ a(isMail() ? 'channel.email' : 'channel.whatsapp') }}</h2>
      <p [class.bad]="!channel().ready" data-testid="channel-state">
        <app-icon [name]="channel().ready ? 'check' : 'warning'" />
        <span>{{ stateText() }}</span>
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
          [name]="'test-' + channel().channel"
          [inputmode]="isMail() ? 'email' : 'tel'"
          maxlength="254"
          [label]="a(isMail() ? 'channel.to' : 'channel.toPhone')"
          [field]="fields.to"
        />
        <button
          matButton="outlined"
          type="submit"
          [disabled]="form.busy()"
          disabledInteractive
          [attr.data-testid]="'send-' + channel().channel"
        >
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
  protected readonly isMail = computed(() => this.channel().channel === 'email');
  protected readonly fields = {
    // The server looks closer; both refuse here what nobody could have meant.
    to: new FormField('', (to) => this.#complaint(to.trim())),
  };
  protected readonly form = new Submission({ ...this.fields, recipient: this.fields.to });
  protected readonly stateText = computed(() => {
    const { ready, from } = this.channel();
    if (this.isMail()) return ready ? this.a('channel.ready', { from: from ?? '' }) : this.a('channel.missing');
    return this.a(ready ? 'channel.outletsReady' : 'channel.outletsMissing');
  });

  constructor() {
    const own = inject(AuthStore).user()?.email ?? '';
    effect(() => {
      if (this.isMail() && !untracked(this.fields.to.value)) this.fields.to.value.set(own);
    });
  }

  protected send(event: Event): Promise<void> {
    return this.form.run(event, async () => this.news.tell([await this.#desk.testChannel(this.#recipient())]));
  }

  #complaint(to: string): string | null {
    if (this.isMail()) return isEmail(to) ? null : this.a('channel.wrong');
    return normalizePhoneNumber(to) ? null : this.a('channel.wrongPhone');
  }

  #recipient(): AlertRecipient {
    const to = this.fields.to.value().trim();
    const language = this.#locale();
    return this.isMail() ? { channel: 'email', to, language } : { channel: 'whatsapp', phone: to, language };
  }
}
