import { Component, computed, inject, input } from '@angular/core';
import type { Uptime, UptimeBucket } from '@koneksi/contracts/uptime';
import { dayOfYear, finePercent, timeOfDay } from '../core/formats';
import { Texts } from '../core/texts';
import { foldToFit } from './fold';
import { twoUnits } from './two-units';
import { UptimeTexts } from './uptime-texts';

const HALF_DAY_MS = 43_200_000;
const HEIGHT = 100;
const STEP = 10;
const WIDTH = 8;
/** What was down for a moment is still seen. */
const LEAST = 4;
const MARKS = ['up', 'paused', 'down'] as const;
const LEGEND = [
  { name: 'up', label: 'bars.up' },
  { name: 'down', label: 'bars.down' },
  { name: 'paused', label: 'bars.notCounted' },
  { name: 'unknown', label: 'bars.unknown' },
] as const;

interface Bar {
  readonly from: string;
  readonly x: number;
  readonly parts: readonly { mark: (typeof MARKS)[number]; y: number; height: number }[];
  readonly share: string;
  readonly down: string;
  readonly paused: string;
  readonly hint: string;
}

/** One bar an hour, a day or a week, filled by how its time was; the same as a table for who reads rather than looks. */
@Component({
  selector: 'app-uptime-bars',
  template: `
    <svg [attr.viewBox]="viewBox()" preserveAspectRatio="none" role="img" [attr.aria-label]="label()">
      @for (bar of bars(); track bar.from) {
        <g>
          <title>{{ bar.hint }}</title>
          <rect class="ground" [attr.x]="bar.x" y="0" [attr.width]="width" [attr.height]="height" />
          @for (part of bar.parts; track part.mark) {
            <rect
              [attr.data-mark]="part.mark"
              [attr.x]="bar.x"
              [attr.y]="part.y"
              [attr.width]="width"
              [attr.height]="part.height"
            />
          }
        </g>
      }
    </svg>
    <div class="ends muted" aria-hidden="true">
      <span>{{ time(uptime().from) }}</span>
      <span>{{ end() }}</span>
    </div>
    <ul class="legend">
      @for (mark of legend; track mark.name) {
        <li><span [attr.data-mark]="mark.name"></span>{{ u(mark.label) }}</li>
      }
    </ul>
    <details>
      <summary data-testid="uptime-as-table">{{ u('bars.asTable') }}</summary>
      <div class="scroll" tabindex="0" role="group" [attr.aria-label]="u('bars.title')">
        <table>
          <thead>
            <tr>
              <th scope="col">{{ u('bars.from') }}</th>
              <th scope="col">{{ u('figures.uptime') }}</th>
              <th scope="col">{{ u('bars.down') }}</th>
              <th scope="col">{{ u('bars.paused') }}</th>
            </tr>
          </thead>
          <tbody>
            @for (bar of bars(); track bar.from) {
              <tr data-testid="uptime-line">
                <th scope="row">{{ time(bar.from) }}</th>
                <td>{{ bar.share }}</td>
                <td>{{ bar.down }}</td>
                <td>{{ bar.paused }}</td>
              </tr>
            }
          </tbody>
        </table>
      </div>
    </details>
  `,
  styleUrl: './uptime-bars.css',
})
export class UptimeBars {
  readonly uptime = input.required<Uptime>();
  readonly #texts = inject(Texts);
  protected readonly u = inject(UptimeTexts).u;
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly legend = LEGEND;

  protected readonly bars = computed(() =>
    foldToFit(this.uptime().buckets).map((bucket, index) => this.#bar(bucket, index * STEP)),
  );
  protected readonly viewBox = computed(() => `0 0 ${this.bars().length * STEP - (STEP - WIDTH)} ${HEIGHT}`);
  protected readonly label = computed(() => {
    const { from, uptime, downSeconds } = this.uptime();
    return this.u('bars.label', {
      from: this.time(from),
      to: this.end(),
      uptime: this.#share(uptime),
      down: this.#length(downSeconds),
    });
  });

  protected end(): string {
    const { window, to, buckets } = this.uptime();
    return this.time(window === '24h' ? to : buckets.at(-1)!.from);
  }

  protected time(iso: string): string {
    const at = Date.parse(iso);
    const locale = this.#texts.locale();
    // Its noon is on the same date wherever in Indonesia it is read; its midnight is not.
    return this.uptime().window === '24h' ? timeOfDay(at, locale) : dayOfYear(at + HALF_DAY_MS, locale);
  }

  #bar(bucket: UptimeBucket, x: number): Bar {
    const { from, up, down, paused } = bucket;
    const share = this.#share(up + down === 0 ? null : up / (up + down));
    const [lost, rested] = [this.#length(down), this.#length(paused)];
    const hint = [this.time(from), share, ...(down > 0 ? [`${this.u('bars.down')} ${lost}`] : [])].join(' · ');
    return { from, x, parts: partsOf(bucket), share, down: lost, paused: rested, hint };
  }

  #share(uptime: number | null): string {
    return uptime === null ? this.#texts.t('common.none') : finePercent(uptime, this.#texts.locale());
  }

  #length(seconds: number): string {
    return seconds === 0 ? this.#texts.t('common.none') : twoUnits(seconds, this.#texts.locale());
  }
}

/** From the bottom up; what was down stands highest and is never too thin to see. */
function partsOf(bucket: UptimeBucket): Bar['parts'] {
  const whole = bucket.up + bucket.down + bucket.paused + bucket.unknown;
  let top = HEIGHT;
  return MARKS.filter((mark) => bucket[mark] > 0).map((mark) => {
    const share = (bucket[mark] / whole) * HEIGHT;
    const height = mark === 'down' ? Math.max(LEAST, share) : share;
    const y = Math.max(0, top - height);
    top = y;
    return { mark, y, height };
  });
}
