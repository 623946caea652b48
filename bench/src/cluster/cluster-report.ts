import type { Outcome, Table, Target } from '../benchmark.ts';
import { round, type Summary } from '../statistics.ts';
import type { ByOwner, Idle, Sending } from './measures.ts';

/** What so many processes did. `null` where a part was left out. */
export interface Result {
  processes: number;
  /** Whether they are nodes, or one with the database to itself. */
  several: boolean;
  outlets: number;
  /** Seconds until each had its share, connected. */
  spreadWall: number;
  /** Megabytes of each process. */
  rss: number[];
  idle: Idle | null;
  push: (ByOwner & { missing: number }) | null;
  command: ByOwner | null;
  sending: Sending | null;
}

const name = ({ processes, several }: Result): string => (several ? `${processes} of several` : 'one alone');
const ms = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(1));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function report(results: readonly Result[]): Outcome {
  return { tables: [sessions(results), told(results)], targets: targets(results), details: results };
}

function sessions(results: readonly Result[]): Table {
  return {
    title: 'Processes on one PostgreSQL, all on this machine',
    columns: [
      '',
      'outlets',
      'all connected s',
      'RSS MB each',
      'idle CPU % each',
      'commits/s',
      'blast acked/s',
      'shown once',
    ],
    rows: results.map((result) => [
      name(result),
      result.outlets,
      round(result.spreadWall),
      Math.round(mean(result.rss)),
      result.idle ? round(mean(result.idle.cpu), 2) : '',
      result.idle ? round(result.idle.commitsPerSecond) : '',
      result.sending ? round(result.sending.messages / result.sending.wall) : '',
      result.sending?.shown ?? '',
    ]),
  };
}

function told(results: readonly Result[]): Table {
  const cells = ({ n, median, p99 }: Summary): (string | number)[] => [n, ms(median), ms(p99)];
  const rows = results.flatMap((result) =>
    (['push', 'command'] as const).flatMap((what) => {
      const measured = result[what];
      return measured ? [[`${name(result)}: ${what}`, ...cells(measured.local), ...cells(measured.elsewhere)]] : [];
    }),
  );
  return {
    title:
      'Milliseconds from Baileys to a page at the first node, and of a command asked of it: its own outlets, others’',
    columns: ['', 'own', 'median', 'p99', 'others’', 'median', 'p99'],
    rows,
  };
}

function targets(results: readonly Result[]): Target[] {
  const alone = results.find(({ several }) => !several)?.idle;
  return results.flatMap((result): Target[] => [
    ...(result.push && result.push.elsewhere.n > 0
      ? [
          under(`push from another node, ${name(result)}, median`, result.push.elsewhere.median, 5),
          under(`push from another node, ${name(result)}, p99`, result.push.elsewhere.p99, 20),
        ]
      : []),
    ...(result.command && result.command.elsewhere.n > 0
      ? [
          under(
            `command on another node over the local one, ${name(result)}, p99`,
            result.command.elsewhere.p99 - result.command.local.p99,
            20,
          ),
        ]
      : []),
    ...(alone && result.idle && result.several ? belonging(result, result.idle, alone) : []),
  ]);
}

/** Beyond what one process alone uses for the same outlets. */
function belonging(result: Result, { cpu, commitsPerSecond }: Idle, alone: Idle): Target[] {
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const more = (total(cpu) - total(alone.cpu)) / cpu.length;
  const commits = (commitsPerSecond - alone.commitsPerSecond) / cpu.length;
  return [
    {
      name: `idle CPU of belonging, ${name(result)}, each`,
      aim: '<= 1 %',
      measured: `${round(more, 2)} %`,
      met: more <= 1,
    },
    {
      name: `commits of belonging, ${name(result)}, each`,
      aim: '<= 2 /s',
      measured: `${round(commits, 2)} /s`,
      met: commits <= 2,
    },
  ];
}

const under = (what: string, value: number, most: number): Target => ({
  name: what,
  aim: `<= ${most} ms`,
  measured: `${ms(value)} ms`,
  met: value <= most,
});
