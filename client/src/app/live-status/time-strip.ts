import { booleanAttribute, Component, computed, inject, input, signal } from '@angular/core';
import { STATUS_NAMES, type OutletStatusName } from '@koneksi/contracts/outlet-status';
import { Clock } from '../core/clock';
import { duration, percent, timeOfDay } from '../core/formats';
import { Texts } from '../core/texts';
import { BARS, bars, uptime, unknownMs, type Shown, type Span } from './timeline';

/** How high each status stands: what is well stands tall, so that the shape tells what the colour does. */
const HEIGHT: Record<OutletStatusName, number> = {
  CONNECTED: 20,
  CONNECTING: 13,
  PAUSED: 6,
  DISCONNECTED: 6,
  TIMEOUT: 9,
  FAILED: 9,
};
const NOT_YET_HEIGHT = 2;
/** Where nobody looked: dots instead of a bar, which no colour is needed to tell. */
const DOTS = [1, 7, 13];
const DOT = 2;

/** Below this, that nobody looked is not worth a word. */
const WORTH_TELLING_MS = 60_000;
const LEGEND: readonly Shown[] = [...STATUS_NAMES, 'UNKNOWN'];
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
    @if (explained()) {
      <ul data-testid="strip-legend">
        @for (shown of legend(); track shown.status) {
          <li>
            <svg viewBox="0 0 3 20" aria-hidden="true">
              <path [attr.data-status]="shown.status" [attr.d]="shown.d" />
            </svg>
            {{ shown.words }}
          </li>
        }
      </ul>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
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
    ul {
      display: flex;
      flex: 1 0 100%;
      flex-wrap: wrap;
      gap: 4px 16px;
      margin: 0;
      padding: 0;
      font-size: 0.8125rem;
      list-style: none;
    }
    li {
      display: inline-flex;
      align-items: center;
      gap: 6px;
    }
    li svg {
      flex: none;
      width: 6px;
      height: 16px;
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
    [data-status='UNKNOWN'] {
      fill: var(--k-outline);
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
  /** Whether what it shows is told below. */
  readonly explained = input(false, { transform: booleanAttribute });
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
      const key = status ?? 'NONE';
      drawn.set(key, `${drawn.get(key) ?? ''}${shapeOf(status, index * STEP)}`);
    });
    return [...drawn].map(([status, d]) => ({ status, d }));
  });
  protected readonly legend = computed(() => {
    const drawn = new Set(this.#bars().map(({ status }) => status));
    return LEGEND.filter((status) => drawn.has(status)).map((status) => ({
      status,
      d: shapeOf(status, 0),
      words: this.#wordsOf(status),
    }));
  });

  protected readonly share = computed(() => uptime(this.spans(), this.#minute() + 60_000));
  protected readonly shareText = computed(() => percent(this.share() ?? 0, this.#texts.locale()));
  protected readonly label = computed(() => {
    const locale = this.#texts.locale();
    const said =
      this.share() === null
        ? this.#texts.t('strip.unknown')
        : this.#texts.t('strip.label', { share: this.shareText() });
    const unknown = unknownMs(this.spans(), this.#minute() + 60_000);
    if (unknown < WORTH_TELLING_MS) return said;
    return `${said}; ${this.#texts.t('strip.blind', { time: duration(unknown, locale) })}`;
  });
  protected readonly hint = computed(() => {
    const bar = this.#bars()[this.pointed() ?? -1];
    if (!bar) return this.label();
    const locale = this.#texts.locale();
    return `${timeOfDay(bar.from, locale)}–${timeOfDay(bar.to, locale)}: ${this.#wordsOf(bar.status)}`;
  });

  protected point(event: PointerEvent): void {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    this.pointed.set(Math.floor(((event.clientX - left) / width) * BARS));
  }

  #wordsOf(status: Shown | null): string {
    if (status === null) return this.#texts.t('strip.notYet');
    if (status === 'PAUSED') return this.#texts.t('strip.notCounted');
    return this.#texts.t(status === 'UNKNOWN' ? 'strip.notWatched' : `statusName.${status}`);
  }
}

function shapeOf(status: Shown | null, x: number): string {
  if (status === 'UNKNOWN') return DOTS.map((y) => box(x, y, DOT)).join('');
  const height = status === null ? NOT_YET_HEIGHT : HEIGHT[status];
  return box(x, 20 - height, height);
}

const box = (x: number, y: number, height: number): string => `M${x} ${y}h${BAR}v${height}h-${BAR}z`;
