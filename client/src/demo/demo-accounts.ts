import { httpResource } from '@angular/common/http';
import { Component, inject } from '@angular/core';
import { ActivatedRoute, Router } from '@angular/router';
import type { DemoAccount } from '@koneksi/contracts/demo';
import type { Role } from '@koneksi/contracts/roles';
import { AuthStore } from '../app/core/auth-store';
import { Texts } from '../app/core/texts';
import { Icon } from '../app/ui/icon';
import { Notifier } from '../app/ui/notifier';
import { DemoTexts } from './demo-texts';

/** One-tap log-ins, as the demo's server offers them. */
@Component({
  selector: 'app-demo-accounts',
  imports: [Icon],
  template: `
    @if (accounts.hasValue() && accounts.value().length) {
      <section [attr.aria-label]="t('accounts.label')">
        <p class="muted">{{ t('accounts.hint') }}</p>
        @for (account of accounts.value(); track account.email) {
          <button type="button" class="panel" (click)="signIn(account)" [attr.data-testid]="'demo-' + account.role">
            <app-icon name="user" />
            <span>
              <strong>{{ account.name }}</strong>
              <span class="muted">{{ account.email }}</span>
            </span>
            <span class="role">{{ role(account.role) }}</span>
          </button>
        }
      </section>
    }
  `,
  styles: `
    section {
      display: grid;
      gap: 8px;
      margin-block-start: 20px;
    }
    p {
      font-size: 0.8125rem;
      text-align: center;
    }
    button {
      display: flex;
      align-items: center;
      gap: 12px;
      min-height: 52px;
      padding: 8px 14px;
      color: inherit;
      text-align: start;
      cursor: pointer;
    }
    button:hover {
      border-color: var(--k-accent);
    }
    button > span:first-of-type {
      display: grid;
      flex: 1;
      min-width: 0;
    }
    .muted {
      overflow: hidden;
      text-overflow: ellipsis;
      font-size: 0.8125rem;
    }
    strong {
      font-weight: 600;
    }
    .role {
      padding: 1px 8px;
      border-radius: 6px;
      background: var(--k-sunken);
      font-size: 0.75rem;
    }
  `,
})
export class DemoAccounts {
  readonly #auth = inject(AuthStore);
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);
  readonly #notifier = inject(Notifier);
  readonly #texts = inject(Texts);
  protected readonly t = inject(DemoTexts).t;
  protected readonly accounts = httpResource<DemoAccount[]>(() => '/api/demo/accounts');
  protected readonly role = (role: string) => this.#texts.t(`user.roles.${role as Role}`);

  protected async signIn({ email, password }: DemoAccount): Promise<void> {
    try {
      await this.#auth.login({ email, password });
      await this.#router.navigateByUrl(this.#route.snapshot.queryParamMap.get('returnUrl') ?? '/');
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
  }
}
