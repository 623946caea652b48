import { Component, computed, inject, input } from '@angular/core';
import type { OutletZone } from '@koneksi/contracts/blast-states';
import type { BlastTimeline } from '@koneksi/contracts/blasts';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { BlastTexts } from '../blast-texts';
import { clockIn } from '../../core/zoned-time';
import { CHART, linesOf } from './timeline-lines';

/** How many had it by when: sent, delivered, read and failed, each added up over time. */
@Component({
  selector: 'app-timeline-chart',
  template: `
    <svg [attr.viewBox]="viewBox" preserveAspectRatio="none" role="img" [attr.aria-label]="label()">
      @for (line of lines().paths; track line.name) {
        <path [attr.data-line]="line.name" [attr.d]="line.d" />
      }
    </svg>
    <div class="axis numbers muted" aria-hidden="true">
      <span>{{ from() }}</span>
      <span>{{ to() }}</span>
    </div>
    <ul>
      @for (line of named(); track line.name) {
        <li [attr.data-line]="line.name">
          {{ line.word }} <strong class="numbers">{{ number(line.total) }}</strong>
        </li>
      }
    </ul>
  `,
  styleUrl: './timeline-chart.css',
})
export class TimelineChart {
  readonly timeline = input.required<BlastTimeline>();
  /** Of its times; `null` for the reader's own. */
  readonly zone = input.required<OutletZone | null>();
  readonly #b = inject(BlastTexts).b;
  readonly #locale = inject(Texts).locale;
  protected readonly viewBox = `0 0 ${CHART.width} ${CHART.height}`;
  protected readonly lines = computed(() => linesOf(this.timeline()));
  protected readonly from = computed(() => clockIn(this.zone(), this.lines().from, this.#locale()));
  protected readonly to = computed(() => clockIn(this.zone(), this.lines().to, this.#locale()));
  protected readonly named = computed(() =>
    this.lines().paths.map((line) => ({ ...line, word: this.#b(`result.line.${line.name}`) })),
  );
  protected readonly label = computed(() =>
    this.#b('result.chart', {
      from: this.from(),
      to: this.to(),
      totals: this.lines()
        .paths.map(({ name, total }) => `${this.#b(`result.line.${name}`)} ${this.number(total)}`)
        .join(', '),
    }),
  );

  protected number(count: number): string {
    return wholeNumber(count, this.#locale());
  }
}
