import { Component, computed, DOCUMENT, inject, Injector, viewChild, type ElementRef } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { filter, pairwise } from 'rxjs';
import { AuthStore } from '../core/auth-store';
import { OwnProfile } from '../core/own-profile';
import { recall } from '../core/remembered';
import { Texts } from '../core/texts';
import { ConnectionIndicator } from '../live-status/connection-indicator';
import { ProblemWatch } from '../live-status/problem-watch';
import { StatusFeed } from '../live-status/status-feed';
import { BulkProgressBar } from '../outlets/bulk-progress-bar';
import { DemoPart } from '../ui/demo-part';
import { Icon } from '../ui/icon';
import { LanguageMenu } from '../ui/language-menu';
import { ThemeMenu } from '../ui/theme-menu';
import { ACCOUNT_PAGES, isFor, PAGES } from './pages';
import { Shortcuts } from './shortcuts';
import { UpdateBar } from './update-bar';

/** What surrounds every page of someone signed in. The socket lives from here on. */
@Component({
  selector: 'app-shell',
  imports: [
    BulkProgressBar,
    ConnectionIndicator,
    DemoPart,
    Icon,
    LanguageMenu,
    MatIconButton,
    MatMenuModule,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    ThemeMenu,
    UpdateBar,
  ],
  providers: [Shortcuts],
  templateUrl: './shell.html',
  styleUrl: './shell.css',
})
export class Shell {
  readonly #auth = inject(AuthStore);
  readonly #injector = inject(Injector);
  protected readonly managesOutlets = this.#auth.managesOutlets;
  protected readonly t = inject(Texts).t;
  protected readonly user = this.#auth.user;
  protected readonly role = computed(() => `user.roles.${this.user()?.role ?? 'USER'}` as const);
  protected readonly pages = computed(() => PAGES.filter(isFor(this.user()?.role)));
  protected readonly accountPages = computed(() => ACCOUNT_PAGES.filter(isFor(this.user()?.role)));
  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');

  constructor() {
    inject(StatusFeed);
    inject(ProblemWatch);
    inject(Shortcuts);
    inject(OwnProfile);
    const document = inject(DOCUMENT);
    inject(Router)
      .events.pipe(
        filter((event) => event instanceof NavigationEnd),
        pairwise(),
        filter(([from, to]) => path(from) !== path(to)),
        takeUntilDestroyed(),
      )
      // A new page starts at its heading, for those who hear it too.
      .subscribe(() => {
        document.defaultView?.scrollTo(0, 0);
        requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }));
      });
  }

  async #forgetBrowser(): Promise<void> {
    const { PushBrowser } = await import('../push/push-browser');
    await this.#injector.get(PushBrowser).forget();
  }

  protected skipToContent(event: Event): void {
    event.preventDefault();
    this.main().nativeElement.focus();
  }

  protected async logout(): Promise<void> {
    // Loaded where it is needed alone: most browsers are never called.
    if (recall('push')) await this.#forgetBrowser().catch(() => undefined);
    await this.#auth.logout();
  }
}

function path({ urlAfterRedirects }: NavigationEnd): string | undefined {
  return urlAfterRedirects.split(/[?#]/)[0];
}
