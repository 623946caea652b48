import { readdir, readFile } from 'node:fs/promises';

/** What a PostgreSQL and its backends hold and have used; only Linux tells. */
export interface PostgresUsage {
  /** Megabytes, shared pages counted once. */
  memory: number;
  /** Seconds of CPU, ended backends included. */
  cpu: number;
}

const TICKS_PER_SECOND = 100;

export async function postgresUsage(postmaster: number | null): Promise<PostgresUsage | null> {
  if (process.platform !== 'linux' || postmaster === null) return null;
  const parent = await statOf(postmaster);
  if (!parent) return null;
  // Those that ended are in their parent's account.
  const total = { memory: await proportionalMemory(postmaster), ticks: parent.ticks + parent.ticksOfEnded };
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await statOf(Number(name));
    if (stat?.parent !== postmaster) continue;
    total.memory += await proportionalMemory(Number(name));
    total.ticks += stat.ticks;
  }
  return { memory: total.memory, cpu: total.ticks / TICKS_PER_SECOND };
}

async function statOf(pid: number): Promise<{ parent: number; ticks: number; ticksOfEnded: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { parent, ticks: user + system, ticksOfEnded: endedUser + endedSystem };
}

async function proportionalMemory(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}
