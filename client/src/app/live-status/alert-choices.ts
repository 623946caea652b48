import { DOCUMENT, inject, Service, signal } from '@angular/core';
import { recall, remember } from '../core/remembered';

export const ALERTS = ['desktop', 'sound'] as const;
export type AlertWay = (typeof ALERTS)[number];

/** By which ways this browser may call a person: none unless they asked for it here. */
@Service()
export class AlertChoices {
  readonly #window = inject(DOCUMENT).defaultView!;
  readonly #chosen = signal<ReadonlySet<AlertWay>>(this.#remembered());
  readonly chosen = this.#chosen.asReadonly();

  /** The browser asks for permission here and never before. Answers whether the way is on now. */
  async toggle(way: AlertWay): Promise<boolean> {
    const chosen = new Set(this.#chosen());
    if (!chosen.delete(way) && (way !== 'desktop' || (await this.#asked()))) chosen.add(way);
    this.#chosen.set(chosen);
    remember('alerts', [...chosen].join(' '));
    return chosen.has(way);
  }

  /** Whether the browser lets this page tell anything on the desktop. */
  permitted(): boolean {
    return 'Notification' in this.#window && this.#window.Notification.permission === 'granted';
  }

  async #asked(): Promise<boolean> {
    if ('Notification' in this.#window) await this.#window.Notification.requestPermission();
    return this.permitted();
  }

  #remembered(): ReadonlySet<AlertWay> {
    const words = recall('alerts')?.split(' ') ?? [];
    return new Set(ALERTS.filter((way) => words.includes(way) && (way !== 'desktop' || this.permitted())));
  }
}
