import { DOCUMENT, inject, Service } from '@angular/core';

const MARK = 'M13.5 18.5l5-5M14.5 11.5l2.2-2.2a4.2 4.2 0 0 1 6 6l-2.2 2.2M17.5 20.5l-2.2 2.2a4.2 4.2 0 0 1-6-6l2.2-2.2';

/** The icon of the tab, with a number on it where there is one; also on the icon of the installed app. */
@Service()
export class TabIcon {
  readonly #document = inject(DOCUMENT);
  readonly #link = this.#document.querySelector<HTMLLinkElement>('link[rel=icon]');
  readonly #plain = this.#link?.getAttribute('href') ?? '';

  mark(count: number): void {
    this.#link?.setAttribute('href', count > 0 ? drawn(count) : this.#plain);
    const { navigator } = this.#document.defaultView ?? {};
    // Not every browser has badges, and one may refuse them.
    const badged = count > 0 ? navigator?.setAppBadge?.(count) : navigator?.clearAppBadge?.();
    badged?.catch(() => undefined);
  }
}

function drawn(count: number): string {
  const words = count > 99 ? '99+' : String(count);
  const size = words.length > 2 ? 12 : 16;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2f5bd7"/><path d="${MARK}" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/><rect x="8" y="12" width="24" height="20" rx="6" fill="#b3261e" stroke="#fff" stroke-width="1.5"/><text x="20" y="27.5" font-family="sans-serif" font-weight="700" font-size="${size}" fill="#fff" text-anchor="middle">${words}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
