import type { Outcome, Table, Target } from '../benchmark.ts';
import { median, round } from '../statistics.ts';
import type { PageWindow, Sample } from './page-meter.ts';
import type { Visits } from './visits.ts';

export type PollingResult = PageWindow & { periodMs: number };

export interface PerOutlets {
  outlets: number;
  inSight: number;
  visits: Visits;
  pushed: PageWindow;
  polled: PollingResult[];
}

/** Growth of the heap that still counts as flat, as a share. */
const FLAT = 0.05;

export function report(results: PerOutlets[]): Outcome {
  return {
    tables: [delayTable(results), workTable(results), visitTable(results)],
    targets: results.flatMap(targets),
    details: results,
  };
}

/** Each page beside the others of the same run. */
function pages(results: PerOutlets[]): { outlets: number; page: string; window: PageWindow }[] {
  return results.flatMap(({ outlets, pushed, polled }) => [
    { outlets, page: 'Koneksi, pushed', window: pushed },
    ...polled.map((window) => ({ outlets, page: `polls every ${window.periodMs / 1000} s`, window })),
  ]);
}

function delayTable(results: PerOutlets[]): Table {
  return {
    title: "Milliseconds from PostgreSQL's write of a change in sight to the rendered frame, 50 changes a second",
    columns: [
      'outlets',
      'page',
      'changes',
      'median',
      'p95',
      'p99',
      'max',
      'to the DOM p95',
      'unseen',
      'failed PATCHes',
    ],
    rows: pages(results).map(({ outlets, page, window: { painted, changed, unseen, failed } }) => [
      outlets,
      page,
      painted.n,
      round(painted.median),
      round(painted.p95),
      round(painted.p99),
      round(painted.max),
      round(changed.p95),
      unseen,
      failed,
    ]),
  };
}

function workTable(results: PerOutlets[]): Table {
  return {
    title: 'What it costs meanwhile',
    columns: [
      'outlets',
      'page',
      'seconds',
      'heap MB first',
      'last',
      'DOM nodes first',
      'last',
      'long tasks/min',
      'longest ms',
      'main thread',
      'kB/min',
      'server CPU',
      'load',
    ],
    rows: pages(results).map(({ outlets, page, window }) => {
      const { samples, longTasks, seconds } = window;
      return [
        outlets,
        page,
        round(seconds, 0),
        round(samples[0]?.heap ?? NaN),
        round(samples.at(-1)?.heap ?? NaN),
        samples[0]?.nodes ?? NaN,
        samples.at(-1)?.nodes ?? NaN,
        round((longTasks.n * 60) / seconds, 0),
        longTasks.n === 0 ? '-' : round(longTasks.max, 0),
        `${(100 * window.mainThread).toFixed(1)} %`,
        round(window.bytesPerMinute / 1000, 0),
        `${(100 * window.serverCpu).toFixed(1)} %`,
        round(window.load),
      ];
    }),
  };
}

function visitTable(results: PerOutlets[]): Table {
  return {
    title: 'Visits',
    columns: [
      'outlets',
      'files kB',
      'until filled kB',
      'with strips kB',
      'first visit ms',
      'reload ms, median of 5',
      'slowest',
    ],
    rows: results.map(({ outlets, visits: { files, filled, rested, first, reload, reloads } }) => [
      outlets,
      round(files),
      round(filled),
      round(rested),
      round(first, 0),
      round(reload, 0),
      round(Math.max(...reloads), 0),
    ]),
  };
}

function targets({ outlets, visits, pushed }: PerOutlets): Target[] {
  const { painted, samples } = pushed;
  const growth = growthOf(samples);
  return [
    {
      name: `event to paint, p95, ${outlets} outlets`,
      aim: '< 100 ms',
      measured: `${round(painted.p95)} ms`,
      met: painted.p95 < 100 && pushed.unseen === 0,
    },
    {
      name: `heap, last third against first third of ${round(pushed.seconds, 0)} s`,
      aim: `<= +${100 * FLAT} %`,
      measured: `${growth > 0 ? '+' : ''}${(100 * growth).toFixed(1)} %`,
      met: growth <= FLAT,
    },
    {
      name: 'initial transfer, files without data',
      aim: '< 250 kB',
      measured: `${round(visits.files)} kB`,
      met: visits.files < 250,
    },
    {
      name: `initial transfer until the table shows ${outlets} outlets`,
      aim: '< 250 kB',
      measured: `${round(visits.filled)} kB`,
      met: visits.filled < 250,
    },
    {
      name: `reload to filled table, ${outlets} outlets`,
      aim: '< 1 s',
      measured: `${round(visits.reload, 0)} ms`,
      met: visits.reload < 1000,
    },
  ];
}

/** Medians, since one sample may fall just before something is let go. */
function growthOf(samples: readonly Sample[]): number {
  const heaps = samples.map(({ heap }) => heap);
  const third = Math.max(1, Math.floor(heaps.length / 3));
  return median(heaps.slice(-third)) / median(heaps.slice(0, third)) - 1;
}
