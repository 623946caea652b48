import { httpResource } from '@angular/common/http';
import { Component, inject, output } from '@angular/core';
import type { DemoAccount } from '@koneksi/contracts/demo';
import type { Role } from '@koneksi/contracts/roles';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';

/** One-tap log-ins. The server offers them in demo mode only; this page knows none. */
@Component({
  selector: 'app-demo-accounts',
  imports: [Icon],
  template: `
    @if (accounts.hasValue() && accounts.value().length) {
      <section [attr.aria-label]="t('login.demo')">
        <p class="muted">{{ t('login.demoHint') }}</p>
        @for (account of accounts.value(); track account.email) {
          <button
            type="button"
            class="panel"
            (click)="chosen.emit(account)"
            [attr.data-testid]="'demo-' + account.role"
          >
            <app-icon name="user" />
            <span>
              <strong>{{ account.name }}</strong>
              <span class="muted">{{ account.email }}</span>
            </span>
            <span class="role">{{ t(roleKey(account.role)) }}</span>
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
  readonly chosen = output<DemoAccount>();
  protected readonly t = inject(Texts).t;
  protected readonly accounts = httpResource<DemoAccount[]>(() => '/api/demo/accounts');
  protected readonly roleKey = (role: string) => `user.roles.${role as Role}` as const;
}
