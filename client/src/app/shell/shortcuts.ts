import { DestroyRef, DOCUMENT, inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Texts } from '../core/texts';

/** `/` goes to the search of the page, Ctrl-K finds an outlet or a page, `?` lists the keys. Lives as long as the shell. */
@Service({ autoProvided: false })
export class Shortcuts {
  readonly #document = inject(DOCUMENT);
  readonly #dialog = inject(MatDialog);
  readonly #t = inject(Texts).t;

  constructor() {
    const pressed = (event: KeyboardEvent) => this.#pressed(event);
    this.#document.addEventListener('keydown', pressed);
    inject(DestroyRef).onDestroy(() => this.#document.removeEventListener('keydown', pressed));
  }

  #pressed(event: KeyboardEvent): void {
    // Whatever is open has keys of its own.
    if (event.defaultPrevented || this.#dialog.openDialogs.length > 0) return;
    const isFinder = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
    if (isFinder) return this.#act(event, () => void this.#find(''));
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '?') this.#act(event, () => void this.#find('?'));
    if (event.key !== '/') return;
    const search = this.#document.querySelector<HTMLInputElement>('main input[type=search]');
    this.#act(event, () => (search ? search.select() : void this.#find('')));
  }

  #act(event: Event, act: () => void): void {
    event.preventDefault();
    act();
  }

  async #find(typed: string): Promise<void> {
    const { FinderDialog } = await import('./finder-dialog');
    if (this.#dialog.openDialogs.length > 0) return;
    const ariaLabel = this.#t('finder.label');
    this.#dialog.open(FinderDialog, { data: typed, ariaLabel, panelClass: 'dialog', position: { top: '12vh' } });
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
