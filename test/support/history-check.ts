/** A socket as WhatsApp saw it. `node` is who opened it, where that is known. Times are milliseconds since the epoch. */
export interface SocketFact {
  kind: 'open' | 'online' | 'close';
  link: string;
  number: string;
  connection: number;
  node: string | null;
  at: number;
}

/** A message that WhatsApp took. */
export interface Sending {
  id: string;
  node: string | null;
}

/** A lease as it became; `node` is `null` where its owner let it go. */
export interface Claim {
  number: string;
  node: string | null;
  epoch: number;
  at: number;
}

/** A row that somebody wrote who did not hold the lease until the commit, or whose outlet it was not. */
export interface StrangeRow {
  what: string;
  node: string;
  owner: string | null;
  locked: boolean;
}

/** A recipient that became `sending`: under which epoch, by whom, and which epoch was the newest. */
export interface Taking {
  id: string;
  node: string;
  epoch: number | null;
  newest: number;
}

/** A recipient that went from `sending` back to `queued`. */
export interface Return {
  id: string;
  epoch: number | null;
  newest: number;
}

/** What an open page was told, which may see every outlet. A connection begins with its snapshot. */
export type PageFact =
  | { kind: 'snapshot' | 'told'; cursor: number }
  | { kind: 'resumed'; from: number; cursors: readonly number[]; to: number };

/** What happened, as the database, WhatsApp and pages saw it; each in the order in which it was seen. */
export interface Recorded {
  sockets: readonly SocketFact[];
  sent: readonly Sending[];
  claims: readonly Claim[];
  rows: readonly StrangeRow[];
  taken: readonly Taking[];
  returned: readonly Return[];
  pages: ReadonlyMap<string, readonly PageFact[]>;
}

export interface Allowed {
  /** So many logins may find another socket of their link: the next of a process that stands still ends the one it had. */
  mayReplace?: number;
  /** Ids of messages that somebody sent as a test: they are nobody's in a blast. */
  tests?: readonly string[];
}

/** Everything that must not have happened, a sentence each. */
export function complaintsOf(recorded: Recorded, { mayReplace = 0, tests = [] }: Allowed = {}): string[] {
  const replaced = replacedIn(recorded.sockets);
  return [
    ...leases(recorded.claims),
    ...recorded.rows.flatMap(strange),
    ...recorded.taken.flatMap(({ epoch, newest }) =>
      epoch === newest ? [] : [`taken under a claim that is not the newest: ${epoch} of ${newest}`],
    ),
    ...recorded.returned.flatMap(({ epoch, newest }) =>
      epoch === newest ? [] : [`back from sending under another claim: ${epoch} of ${newest}`],
    ),
    ...(replaced > mayReplace ? [`two sockets of one link: ${replaced}`] : []),
    ...openings(recorded),
    ...sendings(recorded, new Set(tests)),
    ...[...recorded.pages].flatMap(([page, facts]) => cursors(page, facts)),
  ];
}

/** How often a login found another socket of its link open, which WhatsApp then ends with 440. */
export function replacedIn(sockets: readonly SocketFact[]): number {
  const open = new Map<string, number>();
  let replaced = 0;
  for (const { kind, link, connection } of sockets) {
    if (kind === 'open') {
      if (open.has(link)) replaced++;
      open.set(link, connection);
    } else if (kind === 'close' && open.get(link) === connection) open.delete(link);
  }
  return replaced;
}

/** An epoch is given once, and a lease is let go under the claim that it was. */
function leases(claims: readonly Claim[]): string[] {
  const epochs = new Map<string, number>();
  return claims.flatMap(({ number, node, epoch }) => {
    const before = epochs.get(number);
    epochs.set(number, epoch);
    if (before === undefined) return [];
    if (node !== null) return epoch > before ? [] : [`an epoch given twice: ${epoch} after ${before}`];
    return epoch === before ? [] : [`let go under another claim: ${epoch} after ${before}`];
  });
}

function strange({ what, node, owner, locked }: StrangeRow): string[] {
  return [
    ...(locked ? [] : [`written without the lease: ${what}`]),
    ...(node === owner ? [] : [`written by who does not own the outlet: ${what}`]),
  ];
}

/** Whoever opens a socket has the outlet's lease: it was claimed before, and by nobody else since. */
function openings({ sockets, claims }: Recorded): string[] {
  const byNumber = Map.groupBy(claims, ({ number }) => number);
  return sockets.flatMap(({ kind, number, node, at }) => {
    const leases = byNumber.get(number);
    // An outlet that is no more has nobody's lease; its phone is left all the same.
    if (kind !== 'open' || !leases) return [];
    const holder = leases.findLast((claim) => claim.at <= at)?.node ?? null;
    const isHeld = node === null ? holder !== null : holder === node;
    return isHeld
      ? []
      : [`opened without its claim: ${number} by ${node ?? 'somebody'}, held by ${holder ?? 'nobody'}`];
  });
}

function sendings({ sent, taken }: Recorded, tests: ReadonlySet<string>): string[] {
  const takers = new Map(taken.map(({ id, node }) => [id, node]));
  return [...Map.groupBy(sent, ({ id }) => id)].flatMap(([id, times]) => {
    const [taker, sender] = [takers.get(id), times[0]?.node ?? null];
    const isClaimed = taker !== undefined || tests.has(id);
    return [
      ...(isClaimed ? [] : [`left without a claim: ${id}`]),
      ...(taker !== undefined && sender !== null && taker !== sender
        ? [`left by ${sender}, claimed by ${taker}: ${id}`]
        : []),
      ...(times.length > 1 ? [`left ${times.length} times: ${id}`] : []),
    ];
  });
}

/** Every cursor after the snapshot's, once and in order; what is resumed is all between its two ends. */
function cursors(page: string, facts: readonly PageFact[]): string[] {
  const found: string[] = [];
  let last: number | null = null;
  const follows = (cursor: number, before: number): void => {
    if (cursor > before + 1) found.push(`${page}: a cursor skipped: ${cursor} after ${before}`);
    if (cursor <= before) found.push(`${page}: a cursor repeated or out of order: ${cursor} after ${before}`);
  };
  for (const fact of facts) {
    if (fact.kind === 'resumed') {
      let before = fact.from;
      for (const cursor of fact.cursors) {
        follows(cursor, before);
        before = cursor;
      }
      if (before !== fact.to) found.push(`${page}: resumed to ${fact.to}, told up to ${before}`);
      continue;
    }
    if (fact.kind === 'told' && last !== null) follows(fact.cursor, last);
    last = fact.cursor;
  }
  return found;
}
