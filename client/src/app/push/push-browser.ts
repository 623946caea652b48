import { computed, DOCUMENT, inject, Service, signal } from '@angular/core';
import { SwPush } from '@angular/service-worker';
import type { AlertDelivery } from '@koneksi/contracts/alerts';
import type { CreatePushSubscription, PushSubscription as Kept } from '@koneksi/contracts/push';
import { firstValueFrom } from 'rxjs';
import { recall, remember } from '../core/remembered';
import { browserNames } from './browser-name';
import { PushApi } from './push-api';
import { PushTexts } from './push-texts';

export type PushState = 'unsupported' | 'blocked' | 'off' | 'on';

/** The browser let nothing call it, whatever the person said. */
export class NoAddress extends Error {}

/** Whether this browser is called, and by whom that is changed. It is asked for permission by a press alone. */
@Service()
export class PushBrowser {
  readonly #push = inject(SwPush);
  readonly #api = inject(PushApi);
  readonly #p = inject(PushTexts).p;
  readonly #window = inject(DOCUMENT).defaultView!;
  readonly #kept = signal<readonly Kept[]>([]);
  readonly #id = signal(recall('push'));
  readonly #isSubscribed = signal(false);
  readonly #permission = signal<NotificationPermission>('default');

  readonly state = computed<PushState>(() => {
    if (!this.#push.isEnabled) return 'unsupported';
    if (this.#permission() === 'denied') return 'blocked';
    return this.#isSubscribed() && this.own() ? 'on' : 'off';
  });
  /** This browser, as the server knows it. */
  readonly own = computed(() => this.#kept().find(({ id }) => id === this.#id()) ?? null);
  readonly others = computed(() => this.#kept().filter(({ id }) => id !== this.#id()));

  async load(): Promise<void> {
    this.#look();
    this.#kept.set(await this.#api.list());
    if (this.#push.isEnabled) this.#isSubscribed.set((await firstValueFrom(this.#push.subscription)) !== null);
  }

  /** @throws {NoAddress} */
  async turnOn(): Promise<void> {
    const serverPublicKey = await this.#api.key();
    const subscription = await this.#subscribe(serverPublicKey);
    const { endpoint, keys } = subscription.toJSON();
    const request = { endpoint, keys, browser: this.#name() } as CreatePushSubscription;
    const made = await this.#api.create(request);
    remember('push', made.id);
    this.#id.set(made.id);
    this.#isSubscribed.set(true);
    this.#kept.set(await this.#api.list());
  }

  async turnOff(): Promise<void> {
    const own = this.own();
    if (own) await this.remove(own.id);
    await this.#push.unsubscribe().catch(() => undefined);
    this.#isSubscribed.set(false);
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.#kept.update((kept) => kept.filter((each) => each.id !== id));
  }

  /** What came of it; one that its push service does not know any more is gone from the list. */
  async test(id: string): Promise<AlertDelivery> {
    const delivery = await this.#api.test(id);
    await this.load();
    return delivery;
  }

  /** Whoever logs out here is not called here any more. A server that is away changes nothing about the browser's part. */
  async forget(): Promise<void> {
    const id = this.#id();
    if (!id || !this.#push.isEnabled) return;
    await Promise.allSettled([this.#api.remove(id), this.#push.unsubscribe()]);
    this.#kept.set([]);
    this.#isSubscribed.set(false);
  }

  async #subscribe(serverPublicKey: string): Promise<PushSubscription> {
    try {
      return await this.#push.requestSubscription({ serverPublicKey });
    } catch {
      // It may still have one of another Koneksi, whose key was another.
      await this.#push.unsubscribe().catch(() => undefined);
    } finally {
      this.#look();
    }
    if (this.#permission() !== 'granted') throw new NoAddress('not permitted');
    return this.#push.requestSubscription({ serverPublicKey }).catch((refusal: unknown) => {
      throw new NoAddress('the browser refused', { cause: refusal });
    });
  }

  #look(): void {
    if ('Notification' in this.#window) this.#permission.set(this.#window.Notification.permission);
  }

  #name(): string {
    const { browser, system } = browserNames(this.#window.navigator.userAgent);
    return system ? this.#p('browserOn', { browser, system }) : browser;
  }
}
