import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { isAmong, EVERYTHING } from '../live-status/status-order';
import { NameOrder } from '../live-status/name-order';
import { phoneText } from '../ui/phone-text';
import { Icon, type IconName } from '../ui/icon';
import { ConnectOpener } from '../outlets/linking/connect-opener';
import { OutletActions } from '../outlets/outlet-actions';
import { OutletAdder } from '../outlets/outlet-adder';
import { ACCOUNT_PAGES, isFor, PAGES, SIDE_PAGES } from './pages';

interface Found {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  readonly detail: string;
  readonly run: () => unknown;
}

const MOST_SHOWN = 8;
const ACTS_SHOWN = 3;
const KEYS = [
  { keys: '/', words: 'finder.slash' },
  { keys: 'Ctrl K', words: 'finder.ctrlK' },
  { keys: '?', words: 'finder.help' },
  { keys: 'Esc', words: 'finder.escape' },
] as const;

/** Any outlet, page or act in a few letters. `?` lists the keys there are. */
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
  readonly #auth = inject(AuthStore);
  readonly #user = this.#auth.user();
  readonly #actions = inject(OutletActions);
  readonly #adder = inject(OutletAdder);
  readonly #connect = inject(ConnectOpener);
  protected readonly t = inject(Texts).t;
  protected readonly keys = KEYS;
  protected readonly typed = signal(inject<string>(MAT_DIALOG_DATA));

  protected readonly found = computed<Found[]>(() => {
    const wanted = this.typed().trim().toLowerCase();
    if (wanted === '?') return [];
    const pages = this.#pages().filter(({ label }) => label.toLowerCase().includes(wanted));
    if (wanted === '') return pages.slice(0, MOST_SHOWN);
    // What is called so stands first; what can be done with it has room all the same.
    const named = [...pages, ...this.#outlets(wanted)].slice(0, MOST_SHOWN);
    const acts = this.#acts().filter(({ label }) => label.toLowerCase().includes(wanted));
    return [...named.slice(0, MOST_SHOWN - Math.min(acts.length, ACTS_SHOWN)), ...acts].slice(0, MOST_SHOWN);
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

  /** What opens a dialog of its own waits until this one gave the focus back. */
  protected go({ run }: Found): void {
    this.#dialog.afterClosed().subscribe(run);
    this.#dialog.close();
  }

  #pages(): Found[] {
    const detail = this.t('finder.page');
    // What two menus have is one page.
    const pages = new Map([...PAGES, ...ACCOUNT_PAGES, ...SIDE_PAGES].map((page) => [page.path, page]));
    return [
      ...[...pages.values()].filter(isFor(this.#user?.role)).map(({ path, icon, label }) => ({
        id: path,
        icon,
        label: this.t(label),
        detail,
        run: () => this.#router.navigate([path]),
      })),
      {
        id: 'wall',
        icon: 'device',
        label: this.t('wall.open'),
        detail,
        run: () => this.#router.navigate(['/outlet-status'], { queryParams: { view: 'wall' } }),
      },
    ];
  }

  /** What the buttons of the pages do, of every outlet that they would do it with. */
  #acts(): Found[] {
    const detail = this.t('finder.act');
    const outlets = this.#names.rows().flatMap(({ id, status }): Found[] => {
      if (!status.outlet.isActive) return [];
      const { name } = status.outlet;
      const act = (verb: 'connect' | 'pause' | 'resume', icon: IconName, run: () => unknown): Found => ({
        id: `${verb} ${id}`,
        icon,
        label: this.t(`outlets.${verb}Named`, { name }),
        detail,
        run,
      });
      if (status.liveStatus.status === 'PAUSED') return [act('resume', 'play', () => this.#actions.resume(id))];
      const pause = act('pause', 'pause', () => this.#actions.pause(id));
      return status.healthy ? [pause] : [act('connect', 'link', () => this.#connect.open(id)), pause];
    });
    if (!this.#auth.managesOutlets()) return outlets;
    return [
      { id: 'add', icon: 'plus', label: this.t('outlets.add'), detail, run: () => this.#adder.add() },
      { id: 'import', icon: 'plus', label: this.t('import.outlets.title'), detail, run: () => this.#adder.import() },
      ...outlets,
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
        run: () => this.#router.navigate(['/outlet-status'], { queryParams: { outlet: id } }),
      }));
  }
}
