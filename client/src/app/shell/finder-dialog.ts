import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Router, type Params } from '@angular/router';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { isAmong, EVERYTHING } from '../outlet-status/status-order';
import { NameOrder } from '../outlet-status/name-order';
import { phoneText } from '../ui/phone-text';
import { Icon, type IconName } from '../ui/icon';
import { PAGES } from './pages';

interface Found {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  readonly detail: string;
  readonly path: string;
  readonly queryParams: Params;
}

const MOST_SHOWN = 8;
const KEYS = [
  { keys: '/', words: 'finder.slash' },
  { keys: 'Ctrl K', words: 'finder.ctrlK' },
  { keys: '?', words: 'finder.help' },
  { keys: 'Esc', words: 'finder.escape' },
] as const;

/** Any outlet or page in a few letters. `?` lists the keys there are. */
@Component({
  selector: 'app-finder-dialog',
  imports: [Icon],
  host: { '(keydown)': 'pressed($event)', 'data-testid': 'finder' },
  template: `
    <input
      #field
      type="text"
      role="combobox"
      autocomplete="off"
      aria-autocomplete="list"
      aria-expanded="true"
      aria-controls="finder-list"
      [attr.aria-activedescendant]="found()[active()] ? 'finder-' + active() : null"
      [attr.aria-label]="t('finder.label')"
      [placeholder]="t('finder.label')"
      [value]="typed()"
      (input)="typed.set(field.value)"
      data-testid="finder-field"
    />
    @if (typed().trim() === '?') {
      <dl data-testid="finder-keys">
        @for (key of keys; track key.keys) {
          <dt>
            <kbd>{{ key.keys }}</kbd>
          </dt>
          <dd>{{ t(key.words) }}</dd>
        }
      </dl>
    }
    <ul id="finder-list" role="listbox" [attr.aria-label]="t('finder.label')">
      @for (each of found(); track each.id; let index = $index) {
        <!-- The field has the keys: arrows move through these, Enter takes one. -->
        <!-- eslint-disable-next-line @angular-eslint/template/click-events-have-key-events, @angular-eslint/template/interactive-supports-focus -->
        <li
          role="option"
          [id]="'finder-' + index"
          [attr.aria-selected]="index === active()"
          (click)="go(each)"
          data-testid="finder-option"
        >
          <app-icon [name]="each.icon" />
          <span>{{ each.label }}</span>
          <span class="muted numbers">{{ each.detail }}</span>
        </li>
      }
    </ul>
    @if (found().length === 0 && typed().trim() !== '?') {
      <p class="muted" role="status">{{ t('status.noMatchTitle') }}</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      padding: 12px;
    }
    input {
      height: 44px;
      padding: 0 12px;
      border: 1px solid var(--k-outline);
      border-radius: 8px;
      background: var(--k-surface);
      color: inherit;
      font-size: 1rem;
    }
    ul,
    dl {
      margin: 8px 0 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 40px;
      padding: 4px 10px;
      border-radius: 8px;
      cursor: pointer;
    }
    li[aria-selected='true'] {
      background: var(--k-accent-soft);
      box-shadow: inset 0 0 0 2px var(--k-accent);
    }
    li .muted {
      margin-inline-start: auto;
    }
    dl {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 6px 14px;
    }
    dd {
      margin: 0;
    }
    kbd {
      padding: 1px 7px;
      border: 1px solid var(--k-outline);
      border-radius: 5px;
      font: inherit;
    }
    p {
      padding: 12px;
    }
  `,
})
export class FinderDialog {
  readonly #router = inject(Router);
  readonly #dialog = inject<MatDialogRef<FinderDialog>>(MatDialogRef);
  readonly #names = inject(NameOrder);
  readonly #role = inject(AuthStore).user()?.role;
  protected readonly t = inject(Texts).t;
  protected readonly keys = KEYS;
  protected readonly typed = signal(inject<string>(MAT_DIALOG_DATA));

  protected readonly found = computed<Found[]>(() => {
    const wanted = this.typed().trim().toLowerCase();
    if (wanted === '?') return [];
    const pages = this.#pages().filter(({ label }) => label.toLowerCase().includes(wanted));
    return [...(wanted === '' ? pages : [...pages, ...this.#outlets(wanted)])].slice(0, MOST_SHOWN);
  });
  protected readonly active = linkedSignal({ source: this.found, computation: () => 0 });

  protected pressed(event: KeyboardEvent): void {
    const count = this.found().length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count > 0) this.active.update((at) => (at + step + count) % count);
    else if (event.key === 'Enter' && count > 0) this.go(this.found()[this.active()]!);
    else return;
    event.preventDefault();
  }

  protected go({ path, queryParams }: Found): void {
    this.#dialog.close();
    void this.#router.navigate([path], { queryParams });
  }

  #pages(): Found[] {
    const pages = PAGES.filter(({ roles }) => !roles || (this.#role && roles.includes(this.#role)));
    const detail = this.t('finder.page');
    return [
      ...pages.map(({ path, icon, label }) => ({
        id: path,
        icon,
        label: this.t(label),
        detail,
        path,
        queryParams: {},
      })),
      {
        id: 'wall',
        icon: 'device',
        label: this.t('wall.open'),
        detail,
        path: '/outlet-status',
        queryParams: { view: 'wall' },
      },
      { id: 'profile', icon: 'user', label: this.t('nav.profile'), detail, path: '/profile', queryParams: {} },
    ];
  }

  #outlets(search: string): Found[] {
    return this.#names
      .rows()
      .filter(({ status }) => isAmong(status, { ...EVERYTHING, search }))
      .slice(0, MOST_SHOWN)
      .map(({ id, status }) => ({
        id,
        icon: 'store',
        label: status.outlet.name,
        detail: phoneText(status.outlet.whatsappNumber),
        path: '/outlet-status',
        queryParams: { outlet: id },
      }));
  }
}
