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

  constructor() {
    super();
    effect(() => {
      const key = this.#key();
      this.#title.setTitle(key ? `${this.#texts.t(key)} · ${this.#texts.t('app.name')}` : this.#texts.t('app.name'));
    });
  }

  override updateTitle(state: RouterStateSnapshot): void {
    this.#key.set((this.buildTitle(state) as TextKey | undefined) ?? null);
  }
}
