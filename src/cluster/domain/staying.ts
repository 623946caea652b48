/** What a node's row says of whether it goes on. */
export interface Goer {
  readonly id: string;
  /** The process ends. */
  readonly leaving: boolean;
  /** A person has it hand over what it owns, and take nothing until they say otherwise. */
  readonly drained: boolean;
}

/** A node, and how long its beat stood still as whoever looks has seen it. Milliseconds. */
export interface Seen extends Goer {
  readonly stillMs: number;
}

/** Two beats were missed: nobody is left to such a node alone. Milliseconds. */
export const SILENT_AFTER_MS = 7_000;

/** Who owns outlets. Where nobody else is left the drained stand in: an outlet without an owner serves nobody. */
export function stayingOf<Node extends Goer>(nodes: readonly Node[]): Node[] {
  const present = nodes.filter(({ leaving }) => !leaving);
  const undrained = present.filter(({ drained }) => !drained);
  return undrained.length > 0 ? undrained : present;
}

/** What comes of the wish that a node be drained. `alone`: nobody would be left to own its outlets. */
export type DrainVerdict = 'drains' | 'is-drained' | 'unknown' | 'alone';

export function drainVerdict(nodes: readonly Seen[], id: string): DrainVerdict {
  const node = nodes.find((one) => one.id === id);
  if (!node) return 'unknown';
  if (node.drained) return 'is-drained';
  const heirs = nodes.filter((one) => one.id !== id && !one.leaving && !one.drained && one.stillMs < SILENT_AFTER_MS);
  return heirs.length > 0 ? 'drains' : 'alone';
}

/** What comes of the wish that a node take its share again. `ends`: its process does, whatever anybody wishes. */
export type ReturnVerdict = 'returns' | 'unknown' | 'ends';

export function returnVerdict(nodes: readonly Goer[], id: string): ReturnVerdict {
  const node = nodes.find((one) => one.id === id);
  if (!node) return 'unknown';
  return node.leaving ? 'ends' : 'returns';
}
