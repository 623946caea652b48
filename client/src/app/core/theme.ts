import { Service, signal } from '@angular/core';
import { recall, remember } from './remembered';

export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEMES)[number];

/** Light, dark, or as the device says: one attribute that flips `color-scheme`, which every token follows. */
@Service()
export class Theme {
  readonly #choice = signal<ThemeChoice>(THEMES.find((theme) => theme === recall('theme')) ?? 'system');
  readonly choice = this.#choice.asReadonly();

  use(choice: ThemeChoice): void {
    this.#choice.set(choice);
    remember('theme', choice);
    const root = document.documentElement;
    if (choice === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = choice;
  }
}
