import { Component, inject, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';
import { Notifier } from '../ui/notifier';
import { soundAlarm } from '../live-status/alarm-sound';
import { AlertChoices, ALERTS, type AlertWay } from '../live-status/alert-choices';
import { COLUMNS, StatusColumns, type ColumnName } from './status-columns';

/** What can be done with the table as a whole. */
@Component({
  selector: 'app-status-tools',
  imports: [Icon, MatIconButton, MatMenuModule, RouterLink],
  template: `
    <button
      matIconButton
      [disabled]="verifying()"
      disabledInteractive
      [attr.aria-busy]="verifying()"
      [attr.aria-label]="t('status.refresh')"
      [title]="t('status.refreshHint')"
      (click)="refresh.emit()"
      data-testid="refresh"
    >
      <app-icon name="refresh" [class.turning]="verifying()" />
    </button>
    <button
      matIconButton
      class="columns"
      [matMenuTriggerFor]="columnMenu"
      [attr.aria-label]="t('status.columns')"
      [title]="t('status.columns')"
      data-testid="columns"
    >
      <app-icon name="sliders" />
    </button>
    <button
      matIconButton
      [matMenuTriggerFor]="more"
      [attr.aria-label]="t('status.more')"
      [title]="t('status.more')"
      data-testid="status-more"
    >
      <app-icon name="more" />
    </button>
    <mat-menu #columnMenu="matMenu" class="tall-menu">
      @for (column of offered; track column.name) {
        <button
          mat-menu-item
          role="menuitemcheckbox"
          [attr.aria-checked]="chosen().has(column.name)"
          (click)="toggle($event, column.name)"
          [attr.data-testid]="'column-' + column.name"
        >
          <app-icon name="check" [style.visibility]="chosen().has(column.name) ? 'visible' : 'hidden'" />
          {{ t(column.label) }}
        </button>
      }
    </mat-menu>
    <mat-menu #more="matMenu">
      <a mat-menu-item routerLink="/outlet-status" [queryParams]="{ view: 'wall' }" data-testid="to-wall">
        <app-icon name="device" />{{ t('wall.open') }}
      </a>
      @for (way of ways; track way) {
        <button
          mat-menu-item
          role="menuitemcheckbox"
          [attr.aria-checked]="alerts.chosen().has(way)"
          (click)="toggleAlert(way)"
          [attr.data-testid]="'alert-' + way"
        >
          <app-icon [name]="alerts.chosen().has(way) ? 'check' : 'bell'" />{{ t(label[way]) }}
        </button>
      }
      <button mat-menu-item (click)="export.emit()" data-testid="export-status">
        <app-icon name="download" />{{ t('status.export') }}
      </button>
      <button mat-menu-item (click)="print.emit()" data-testid="print-status">
        <app-icon name="print" />{{ t('status.print') }}
      </button>
    </mat-menu>
  `,
  styles: `
    :host {
      display: flex;
      flex: none;
      align-items: center;
    }
    .turning {
      animation: turn 1s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(360deg);
      }
    }
    @media (max-width: 699px) {
      .columns {
        display: none;
      }
    }
  `,
})
export class StatusTools {
  readonly verifying = input.required<boolean>();
  readonly refresh = output();
  readonly export = output();
  readonly print = output();

  readonly #columns = inject(StatusColumns);
  readonly #notifier = inject(Notifier);
  protected readonly alerts = inject(AlertChoices);
  protected readonly ways = ALERTS;
  protected readonly label = { desktop: 'alerts.desktop', sound: 'alerts.sound' } as const;
  protected readonly t = inject(Texts).t;
  protected readonly chosen = this.#columns.chosen;
  protected readonly offered = COLUMNS.filter(({ name }) => !this.#columns.isAlways(name));

  protected async toggleAlert(way: AlertWay): Promise<void> {
    const isOn = await this.alerts.toggle(way);
    if (isOn && way === 'sound') void soundAlarm();
    if (!isOn && way === 'desktop' && !this.alerts.permitted()) this.#notifier.tell('alerts.refused');
  }

  /** The menu stays: whoever chooses one column chooses another. */
  protected toggle(event: Event, name: ColumnName): void {
    event.stopPropagation();
    this.#columns.toggle(name);
  }
}
