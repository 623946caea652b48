import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';

@Component({
  selector: 'app-not-found-page',
  imports: [Icon, MatButton, RouterLink],
  template: `
    <app-icon name="search" />
    <h1 tabindex="-1">{{ t('notFound.title') }}</h1>
    <p class="muted">{{ t('notFound.body') }}</p>
    <a matButton="filled" routerLink="/outlet-status">{{ t('notFound.back') }}</a>
  `,
  styleUrl: './message-page.css',
})
export class NotFoundPage {
  protected readonly t = inject(Texts).t;
}
