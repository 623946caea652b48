import { Component, computed, inject, input, signal } from '@angular/core';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import { Clock } from '../core/clock';
import { percent, timeOfDay } from '../core/formats';
import { Texts } from '../core/texts';
import { BARS, bars, uptime, type Span } from './timeline';

/** How high each status stands: what is well stands tall, so that the shape tells what the colour does. */
const HEIGHT: Record<OutletStatusName, number> = {
  CONNECTED: 20,
  CONNECTING: 13,
  PAUSED: 6,
  DISCONNECTED: 6,
  TIMEOUT: 9,
  FAILED: 9,
};
const UNKNOWN_HEIGHT = 2;
const BAR = 3;
const STEP = 4;

/** The last 24 hours, half an hour a bar. */
@Component({
  selector: 'app-time-strip',
  template: `
    <svg
      [attr.viewBox]="viewBox"
      preserveAspectRatio="none"
      role="img"
      [attr.aria-label]="label()"
      (pointermove)="point($event)"
      (pointerleave)="pointed.set(null)"
    >
      <title>{{ hint() }}</title>
      @for (path of paths(); track path.status) {
        <path [attr.data-status]="path.status" [attr.d]="path.d" />
      }
    </svg>
    @if (share() !== null) {
      <span class="numbers muted" aria-hidden="true" [title]="label()">{{ shareText() }}</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 22px;
    }
    svg {
      display: block;
      flex: 1;
      min-width: 0;
      height: 22px;
    }
    span {
      flex: none;
      min-width: 44px;
      font-size: 0.75rem;
      text-align: end;
    }
    path {
      fill: var(--k-border);
    }
    [data-status='CONNECTED'] {
      fill: var(--k-strip-ok);
    }
    [data-status='CONNECTING'] {
      fill: var(--k-strip-busy);
    }
    [data-status='PAUSED'] {
      fill: var(--k-idle);
    }
    [data-status='DISCONNECTED'],
    [data-status='FAILED'] {
      fill: var(--k-strip-bad);
    }
    [data-status='TIMEOUT'] {
      fill: var(--k-strip-slow);
    }
  `,
})
export class TimeStrip {
  readonly spans = input.required<readonly Span[]>();
  readonly #minute = inject(Clock).minute;
  readonly #texts = inject(Texts);
  protected readonly viewBox = `0 0 ${BARS * STEP - 1} 20`;
  protected readonly pointed = signal<number | null>(null);

  /** Changes only as a bar begins, or with the spans. */
  readonly #bars = computed(() => bars(this.spans(), this.#minute() + 60_000), {
    equal: (one, other) =>
      one.every(({ status, from }, index) => status === other[index]!.status && from === other[index]!.from),
  });
  protected readonly paths = computed(() => {
    const drawn = new Map<string, string>();
    this.#bars().forEach(({ status }, index) => {
      const height = status ? HEIGHT[status] : UNKNOWN_HEIGHT;
      const key = status ?? 'UNKNOWN';
      drawn.set(key, `${drawn.get(key) ?? ''}M${index * STEP} ${20 - height}h${BAR}v${height}h-${BAR}z`);
    });
    return [...drawn].map(([status, d]) => ({ status, d }));
  });

  protected readonly share = computed(() => uptime(this.spans(), this.#minute() + 60_000));
  protected readonly shareText = computed(() => percent(this.share() ?? 0, this.#texts.locale()));
  protected readonly label = computed(() =>
    this.share() === null ? this.#texts.t('strip.unknown') : this.#texts.t('strip.label', { share: this.shareText() }),
  );
  protected readonly hint = computed(() => {
    const bar = this.#bars()[this.pointed() ?? -1];
    if (!bar) return this.label();
    const locale = this.#texts.locale();
    const status = bar.status ? this.#texts.t(`statusName.${bar.status}`) : this.#texts.t('strip.notYet');
    return `${timeOfDay(bar.from, locale)}–${timeOfDay(bar.to, locale)}: ${status}`;
  });

  protected point(event: PointerEvent): void {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    this.pointed.set(Math.floor(((event.clientX - left) / width) * BARS));
  }
}
