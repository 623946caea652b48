import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';

/** From contacts to those who opted out, to what was removed, and back. */
@Component({
  selector: 'app-contacts-tabs',
  imports: [RouterLink, RouterLinkActive],
  template: `
    <nav [attr.aria-label]="t('contacts.tabs')">
      <a
        routerLink="/contacts"
        routerLinkActive="current"
        [routerLinkActiveOptions]="{
          paths: 'exact',
          queryParams: 'ignored',
          matrixParams: 'ignored',
          fragment: 'ignored',
        }"
        ariaCurrentWhenActive="page"
        >{{ t('contacts.people') }}</a
      >
      <a
        routerLink="/contacts/opt-outs"
        routerLinkActive="current"
        ariaCurrentWhenActive="page"
        data-testid="opt-outs-tab"
        >{{ t('contacts.optedOut') }}</a
      >
      <a routerLink="/contacts/bin" routerLinkActive="current" ariaCurrentWhenActive="page" data-testid="bin-tab">{{
        t('bin.tab')
      }}</a>
      @if (mayAsk()) {
        <a
          routerLink="/contacts/customer"
          routerLinkActive="current"
          ariaCurrentWhenActive="page"
          data-testid="customer-tab"
          >{{ t('customer.tab') }}</a
        >
      }
    </nav>
  `,
  styles: `
    nav {
      display: flex;
      gap: 4px;
      margin-block-end: 14px;
      border-bottom: 1px solid var(--k-border);
    }
    a {
      display: grid;
      align-items: center;
      min-height: 44px;
      padding: 0 14px;
      border-bottom: 2px solid transparent;
      color: var(--k-muted);
      font-weight: 550;
      text-decoration: none;
      white-space: nowrap;
    }
    a.current {
      border-color: var(--k-accent);
      color: var(--k-text);
    }
    /* Four of them fit 360 px in both languages; what does not is reached by its side. */
    @media (max-width: 479px) {
      nav {
        justify-content: space-between;
        gap: 0;
        overflow-x: auto;
        scrollbar-width: none;
      }
      a {
        flex: none;
        padding: 0 6px;
        font-size: 0.875rem;
      }
    }
  `,
})
export class ContactsTabs {
  protected readonly t = inject(Texts).t;
  protected readonly mayAsk = inject(AuthStore).managesOutlets;
}
