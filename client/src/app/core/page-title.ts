import { effect, inject, Service, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TitleStrategy, type RouterStateSnapshot } from '@angular/router';
import { Texts, type TextKey } from './texts';

/** Routes name their title by catalogue key, so that it changes with the language. */
@Service()
export class PageTitle extends TitleStrategy {
  readonly #texts = inject(Texts);
  readonly #title = inject(Title);
  readonly #key = signal<TextKey | null>(null);
  readonly #count = signal(0);

  constructor() {
    super();
    effect(() => {
      const key = this.#key();
      const name = this.#texts.t('app.name');
      const words = key ? `${this.#texts.t(key)} · ${name}` : name;
      this.#title.setTitle(this.#count() > 0 ? `(${this.#count()}) ${words}` : words);
    });
  }

  /** What needs a person, told by the tab while another one is looked at. */
  mark(count: number): void {
    this.#count.set(count);
  }

  override updateTitle(state: RouterStateSnapshot): void {
    this.#key.set((this.buildTitle(state) as TextKey | undefined) ?? null);
  }
}
