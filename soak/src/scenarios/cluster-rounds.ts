import type { ClusterNode, Nodes } from '../stage/nodes.ts';
import { gapsIn } from '../stage/socket-log.ts';

/** What rounds found. Samples in milliseconds, by what they are of. */
export interface Found {
  samples: Record<'kill' | 'roll' | 'cutClosed' | 'cutOpened' | 'stop' | 'away', number[]>;
  fail: (text: string) => void;
}

export interface Round {
  name: string;
  /** What it takes about, so that a blast lasts as long. Milliseconds. */
  lastsMs: number;
  /** Whether somebody dies amid a message, so that nobody knows if it left. */
  mayLeaveUnknown?: true;
  run(nodes: Nodes, victim: ClusterNode, found: Found): Promise<void>;
}

/** All longer than a node may be silent for. Milliseconds. */
const LENGTHS = {
  full: { stopMs: 60_000, awayMs: 30_000 },
  short: { stopMs: 16_000, awayMs: 14_000 },
};

/** Longer than a node takes to reach the database again and to look at the others. Milliseconds. */
const AHEAD_MS = 3_000;

/** In this order; a short run makes the first ones alone. */
export function roundsOf(length: keyof typeof LENGTHS): readonly Round[] {
  const { stopMs, awayMs } = LENGTHS[length];
  return [cut, away(awayMs), kill, roll, stop(stopMs)];
}

const cut: Round = {
  name: 'one cut off from the database',
  lastsMs: 25_000,
  mayLeaveUnknown: true,
  async run(nodes, victim, { samples }) {
    const held = nodes.heldBy(victim);
    const since = Date.now();
    victim.road.cut();
    nodes.leaves(victim);
    await nodes.settled();
    const gaps = gapsIn(nodes.history.sockets, since).filter(({ number }) => held.includes(number));
    samples.cutClosed.push(...gaps.map(({ endedAt }) => endedAt - since));
    samples.cutOpened.push(...gaps.map(({ endedAt, ms }) => endedAt + ms - since));
    victim.road.mend();
    nodes.back(victim);
    await nodes.settled();
  },
};

const away = (forMs: number): Round => ({
  name: 'the database away from all',
  lastsMs: forMs + AHEAD_MS + 10_000,
  async run(nodes, first, { samples, fail }) {
    const before = await nodes.epochs();
    for (const { road } of nodes.all) road.cut();
    const since = Date.now();
    await nodes.pause(forMs);
    const backAt = Date.now();
    // Who is back first finds the others' beats as old as the outage, and is to bury nobody for that.
    first.road.mend();
    await nodes.pause(AHEAD_MS);
    for (const { road } of nodes.all) road.mend();
    await nodes.settled();
    if ((await nodes.epochs()) !== before) fail('outlets changed hands');
    const gaps = gapsIn(nodes.history.sockets, since);
    samples.away.push(...gaps.map(({ endedAt, ms }) => endedAt + ms - backAt));
  },
});

const kill: Round = {
  name: 'SIGKILL of one',
  lastsMs: 30_000,
  mayLeaveUnknown: true,
  async run(nodes, victim, { samples }) {
    const since = Date.now();
    nodes.leaves(victim);
    await victim.product.kill();
    victim.road.hangUp();
    await nodes.settled();
    samples.kill.push(
      ...gapsIn(nodes.history.sockets, since)
        .filter(({ from }) => from === victim.name)
        .map(({ ms }) => ms),
    );
    await nodes.start(victim);
    await nodes.settled();
  },
};

const roll: Round = {
  name: 'SIGTERM of one after the other',
  lastsMs: 50_000,
  async run(nodes, _, { samples, fail }) {
    const since = Date.now();
    for (const node of nodes.all) {
      nodes.leaves(node);
      await node.product.stop();
      if (node.product.exitCode !== 0) fail(`${node.name} ended with ${node.product.exitCode}`);
      await nodes.settled();
      await nodes.start(node);
      await nodes.settled();
    }
    samples.roll.push(...gapsIn(nodes.history.sockets, since).map(({ ms }) => ms));
  },
};

const stop = (forMs: number): Round => ({
  name: 'SIGSTOP of one, and SIGCONT',
  lastsMs: forMs + 15_000,
  mayLeaveUnknown: true,
  async run(nodes, victim, { samples }) {
    const held = new Set(nodes.heldBy(victim));
    const since = Date.now();
    // Its sockets are there as WhatsApp sees it: each login of an heir ends one.
    nodes.mayReplace += held.size;
    nodes.leaves(victim);
    victim.product.signal('SIGSTOP');
    await nodes.settled();
    const taken = nodes.history.sockets.filter(
      ({ kind, number, node, at }) => kind === 'online' && held.has(number) && node !== victim.name && at >= since,
    );
    samples.stop.push(...taken.map(({ at }) => at - since));
    await nodes.pause(Math.max(0, since + forMs - Date.now()));
    victim.product.signal('SIGCONT');
    nodes.back(victim);
    await nodes.settled();
  },
});
