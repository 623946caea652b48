import type { Table, Target } from '../benchmark.ts';

/** What a part of the benchmark found. */
export interface Found {
  tables?: Table[];
  targets: Target[];
  details: unknown;
}

/** A part that can be run alone. Each brings its own WhatsApp and its own product, so that none disturbs another. */
export interface Part {
  name: string;
  about: string;
  run(isQuick: boolean): Promise<Found>;
}

export const say = (text: string): void => void process.stderr.write(`${text}\n`);
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export const atMost = (name: string, limit: number, measured: number, unit = 'ms'): Target => ({
  name,
  aim: `at most ${limit} ${unit}`,
  measured: `${Number(measured.toPrecision(3))} ${unit}`,
  met: measured <= limit,
});

export const none = (name: string, measured: number, of: string): Target => ({
  name,
  aim: '0',
  measured: `${measured} ${of}`,
  met: measured === 0,
});
