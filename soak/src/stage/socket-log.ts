import type { SocketFact } from '../../../test/support/history-check.ts';

/** An outlet without a socket: from the end of one to the next that is online. */
export interface Gap {
  number: string;
  /** Whose socket ended, and who has the next. */
  from: string | null;
  to: string | null;
  endedAt: number;
  /** Milliseconds. */
  ms: number;
}

/** Who has the socket that is online of each number, in the end. */
export function holdersIn(sockets: readonly SocketFact[]): Map<string, string | null> {
  const open = new Map<string, SocketFact>();
  for (const fact of sockets) {
    if (fact.kind === 'online') open.set(fact.number, fact);
    else if (fact.kind === 'close' && open.get(fact.number)?.connection === fact.connection) open.delete(fact.number);
  }
  return new Map([...open].map(([number, { node }]) => [number, node]));
}

/** Every gap that began since then, milliseconds of the epoch, and is over. */
export function gapsIn(sockets: readonly SocketFact[], since: number): Gap[] {
  const online = new Map<string, number>();
  const ended = new Map<string, SocketFact>();
  const gaps: Gap[] = [];
  for (const fact of sockets) {
    const { kind, number, connection, node, at } = fact;
    if (kind === 'online') {
      const end = ended.get(number);
      if (end && end.at >= since) gaps.push({ number, from: end.node, to: node, endedAt: end.at, ms: at - end.at });
      ended.delete(number);
      online.set(number, connection);
    } else if (kind === 'close' && online.get(number) === connection) {
      online.delete(number);
      ended.set(number, fact);
    }
  }
  return gaps;
}
