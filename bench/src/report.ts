import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, platform, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import type { Outcome, Table } from './benchmark.ts';
import { root } from './paths.ts';

export function printTables({ tables, targets }: Outcome): void {
  for (const table of tables) console.log(`\n${table.title}\n${format(table)}`);
  if (targets.length === 0) return;
  const rows = targets.map(({ name, aim, measured, met }) => [name, aim, measured, met ? 'met' : 'MISSED']);
  console.log(`\nTargets\n${format({ title: '', columns: ['', 'aim', 'measured', ''], rows })}`);
}

/** Returns where it was written, as a person in the checkout would name it. */
export async function writeJson(name: string, outcome: Outcome): Promise<string> {
  const at = new Date().toISOString();
  const path = join(root, 'bench/results', `${name}-${at.replaceAll(':', '-')}.json`);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `${JSON.stringify({ benchmark: name, at, machine: machine(), ...outcome }, null, 1)}\n`);
  return relative(process.cwd(), path);
}

function machine(): Record<string, unknown> {
  return {
    platform: `${platform()}-${process.arch}`,
    node: process.version,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    nodeOptions: process.execArgv.filter((option) => !option.startsWith('--import')),
    mallocArenaMax: process.env.MALLOC_ARENA_MAX ?? null,
  };
}

function format({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, index) => pad(cell, widths[index] ?? 0, index === 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const pad = (cell: string, width: number, isName: boolean): string =>
  isName ? cell.padEnd(width) : cell.padStart(width);
