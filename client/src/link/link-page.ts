import { Component, computed, inject, signal } from '@angular/core';
import type { ConnectRequest } from '@koneksi/contracts/outlets';
import { Clock } from '../app/core/clock';
import { countdown } from '../app/core/formats';
import { codeAgain, connectStage } from '../app/outlets/linking/connect-stage';
import { QrCode } from '../app/ui/qr-code';
import type { LINK_ID } from './i18n/id';
import { LinkConnection } from './link-connection';
import { LinkTexts } from './link-texts';
import { isForAdmin, troubleOf } from './trouble';

type Method = ConnectRequest['method'];
type Refused = keyof (typeof LINK_ID)['refused'];

interface Attempt {
  method: Method;
  /** The outlet's revision when it was asked: a failure with this one is older than the attempt. */
  askedAt: number;
}

/** Such a page is most often the outlet's own phone, which cannot scan itself. */
const ON_A_PHONE = '(max-width: 699px) and (pointer: coarse)';
/** Opens WhatsApp where linked devices are listed; its own QR codes lead there too. */
const LINKED_DEVICES = 'https://wa.me/settings/linked_devices';
const COPIED_FOR_MS = 3_000;
/** Sentences for what the server may refuse; anything else is told in general. */
const REFUSALS: readonly Refused[] = [
  'PAIRING_CODE_REFUSED',
  'PAIRING_CODE_LIMITED',
  'WHATSAPP_UNREACHABLE',
  'TOO_MANY_ATTEMPTS',
  'STORE_DOWN',
];
const refusedAs = (code: string): Refused => REFUSALS.find((known) => known === code) ?? 'other';

/** All that somebody in the shop needs to link their outlet: one state, one thing to do, and ✓. */
@Component({
  selector: 'app-root',
  imports: [QrCode],
  templateUrl: './link-page.html',
  styleUrl: './link-page.css',
})
export class LinkPage {
  readonly #link = inject(LinkConnection);
  readonly #texts = inject(LinkTexts);
  readonly #clock = inject(Clock);
  protected readonly t = this.#texts.t;
  protected readonly linkedDevices = LINKED_DEVICES;
  protected readonly onPhone = matchMedia(ON_A_PHONE).matches;

  protected readonly outlet = this.#link.outlet;
  protected readonly lost = this.#link.lost;
  protected readonly qr = this.#link.qr;
  protected readonly code = this.#link.code;
  readonly #attempt = signal<Attempt | null>(null);
  readonly #refused = signal<Refused | null>(null);
  protected readonly copied = signal(false);
  protected readonly method = computed<Method>(() => this.#attempt()?.method ?? (this.code() ? 'pairing-code' : 'qr'));

  /** Where things stand; `ready` before anybody pressed anything. */
  protected readonly view = computed(() => {
    const [access, outlet, attempt] = [this.#link.access(), this.outlet(), this.#attempt()];
    if (access !== 'open' || !outlet) return access === 'open' ? 'opening' : access;
    const stage = connectStage(outlet, attempt?.askedAt ?? Infinity);
    if (stage === 'connected' || stage === 'linking' || stage === 'retrying') return stage;
    if (isForAdmin(outlet.reason?.code)) return 'failed';
    // A QR that somebody else asked for is of no use to the phone that is to scan it.
    if (!attempt) return stage === 'scan' && (this.code() || !this.onPhone) ? 'scan' : 'ready';
    if (stage === 'scan' && this.noCode()) return 'no-code';
    return this.#refused() ? 'failed' : stage;
  });

  protected readonly numberEnd = computed(() => this.t('numberEnd', { end: this.outlet()?.outlet.numberEnd ?? '' }));
  protected readonly name = computed(() => this.outlet()?.outlet.name ?? '');
  protected readonly mayTry = computed(() => !isForAdmin(this.outlet()?.reason?.code));

  /** What happened and what to do, in one sentence. */
  protected readonly explanation = computed(() => {
    const refused = this.#refused();
    const code = this.outlet()?.reason?.code;
    // What the outlet itself says tells more than that a request failed for it.
    return refused && this.mayTry()
      ? this.t(`refused.${refused}`)
      : this.t(`trouble.${troubleOf(code, this.method())}`);
  });
  /** Where something is known of why it is down, before anybody tried. */
  protected readonly hint = computed(() => {
    const trouble = troubleOf(this.outlet()?.reason?.code, this.onPhone ? 'pairing-code' : 'qr');
    return trouble === 'other' || trouble.endsWith('RanOut') ? null : this.t(`trouble.${trouble}`);
  });
  /** Why WhatsApp gave no code, and when to ask again. */
  protected readonly noCode = computed(() => {
    const refusal = this.method() === 'pairing-code' ? this.#link.refusal() : null;
    if (!refusal) return null;
    const again = codeAgain(refusal, this.#clock.now());
    return {
      sentence: this.t(`refused.${refusedAs(refusal.code)}`),
      again:
        again === 'perhaps'
          ? this.t('code.againPerhaps')
          : again === null
            ? null
            : this.t('code.againIn', { time: this.#time(again) }),
    };
  });

  /** As WhatsApp asks for it: two groups of four. */
  protected readonly grouped = computed(() => this.code()?.text.replace(/^(.{4})(.{4})$/, '$1-$2'));
  protected readonly validFor = computed(() => this.t('code.validFor', { time: this.#time(this.code()?.left ?? 0) }));
  protected readonly renewsIn = computed(() => this.t('qr.renewsIn', { time: this.#time(this.qr()?.left ?? 0) }));

  /** What a screen reader hears: each state once, never each tick. */
  protected readonly spoken = computed(() => {
    switch (this.view()) {
      case 'connected':
        return `${this.t('connected.title')}. ${this.t('connected.body', { name: this.name() })}`;
      case 'linking':
        return this.t('linking.title');
      case 'retrying':
        return this.t('retrying.title');
      case 'gone':
        return this.t('gone.title');
      case 'failed':
        return this.explanation();
      case 'no-code':
        return this.noCode()?.sentence ?? '';
      case 'scan':
        return this.t(this.method() === 'qr' ? 'step.scan' : 'step.code');
      default:
        return '';
    }
  });

  protected async ask(method: Method): Promise<void> {
    const attempt = { method, askedAt: this.outlet()?.revision ?? 0 };
    this.#attempt.set(attempt);
    this.#refused.set(null);
    const code = await this.#link.ask(method);
    if (code && this.#attempt() === attempt) this.#refused.set(refusedAs(code));
  }

  protected switchLanguage(): void {
    this.#texts.switch();
  }

  protected async copy(): Promise<void> {
    // A browser that refuses leaves the code to be typed, which it is large enough for.
    await navigator.clipboard?.writeText(this.code()?.text ?? '').then(
      () => this.copied.set(true),
      () => undefined,
    );
    setTimeout(() => this.copied.set(false), COPIED_FOR_MS);
  }

  #time(milliseconds: number): string {
    return countdown(milliseconds, this.#texts.locale());
  }
}
