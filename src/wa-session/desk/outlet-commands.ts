import { Injectable } from '@nestjs/common';
import { ClusterBus } from '../../cluster/cluster-bus.js';
import { NodeIdentity } from '../../cluster/node-identity.js';
import { DomainError } from '../../common/domain-error.js';
import { RefusedForNow } from '../../common/refused-for-now.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { SessionRegistry } from '../session-registry.js';

/** By then a node that died is buried, or one that hands over has done so, more often than not. */
const RETRY_AFTER_SECONDS = 2;

/** A refusal on its way between nodes. */
type Refusal = Pick<DomainError, 'code' | 'httpStatus' | 'message' | 'details' | 'wasDone'> & {
  retryAfterSeconds: number | null;
};
type Outcome = { kind: 'done'; result: unknown } | { kind: 'refused'; refusal: Refusal } | { kind: 'elsewhere' };
type Here<Payload, Result> = (outletId: string, payload: Payload) => Promise<Result>;

/**
 * What is asked of an outlet, from whichever node: done here where its session is here, else by the node that owns it,
 * at most once. Payloads and results are what JSON holds; they travel sealed.
 */
@Injectable()
export class OutletCommands {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly dataSource: SystemDataSource,
    private readonly identity: NodeIdentity,
    private readonly bus: ClusterBus,
  ) {}

  /**
   * A command by this name that the owner obeys by `here`. Where it is asked for elsewhere it fails with `here`'s own
   * `DomainError`s, with `OWNER_UNKNOWN` where nobody owns the outlet now, and nothing was done; and with
   * `OWNER_UNANSWERED` where its owner did not answer in time, and may have obeyed.
   * @param withinMs how long `here` and the way there may take. Milliseconds
   * @param unowned what becomes of a command for an outlet that nobody owns
   */
  command<Payload, Result>(
    name: string,
    withinMs: number,
    here: Here<Payload, Result>,
    unowned: 'refused' | 'here' = 'refused',
  ): (outletId: string, payload: Payload) => Promise<Result> {
    this.bus.answering(name, async (asked): Promise<Outcome> => {
      const { outletId, payload } = asked as { outletId: string; payload: Payload };
      return this.isHere(outletId) ? settle(() => here(outletId, payload)) : { kind: 'elsewhere' };
    });
    return async (outletId, payload) => {
      if (this.isHere(outletId)) return here(outletId, payload);
      const owner = await this.ownerOf(outletId);
      // Ours, and its session about to begin.
      if (owner === this.identity.id || (owner === null && unowned === 'here')) return here(outletId, payload);
      if (owner === null) throw ownerUnknown('no node owns the outlet at the moment');
      return (await this.askOwner(owner, name, withinMs, { outletId, payload })) as Result;
    };
  }

  /** Whether the session of this outlet is here, or would be if anywhere. */
  isHere(outletId: string): boolean {
    return !this.bus.reachesOthers || this.registry.find(outletId) !== undefined;
  }

  /** The node that owns the outlet; `null` where none does that lives. */
  async ownerOf(outletId: string): Promise<string | null> {
    const [row] = await this.dataSource.query<{ id: string }[]>(OWNER_SQL, [outletId]);
    return row?.id ?? null;
  }

  /** Every other node that owns one of these outlets. */
  async otherOwners(outletIds: 'all' | readonly string[]): Promise<string[]> {
    if (!this.bus.reachesOthers) return [];
    const rows = await this.dataSource.query<{ id: string }[]>(OWNERS_SQL, [outletIds === 'all' ? null : outletIds]);
    return rows.map(({ id }) => id).filter((id) => id !== this.identity.id);
  }

  private async askOwner(owner: string, name: string, withinMs: number, asked: object): Promise<unknown> {
    const answer = this.bus.ask(owner, name, asked, withinMs).catch(() => {
      throw new DomainError(
        'OWNER_UNANSWERED',
        504,
        'the node that owns the outlet does not answer, and may have obeyed',
      );
    });
    const outcome = (await answer) as Outcome;
    if (outcome.kind === 'elsewhere') throw ownerUnknown('the outlet is changing its node');
    if (outcome.kind === 'refused') throw toError(outcome.refusal);
    return outcome.result;
  }
}

const ownerUnknown = (message: string): RefusedForNow =>
  new RefusedForNow('OWNER_UNKNOWN', message, RETRY_AFTER_SECONDS, 503);

async function settle(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { kind: 'done', result: await work() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, httpStatus, message, details, wasDone } = error;
    const retryAfterSeconds = error instanceof RefusedForNow ? error.retryAfterSeconds : null;
    return { kind: 'refused', refusal: { code, httpStatus, message, details, wasDone, retryAfterSeconds } };
  }
}

function toError({ code, httpStatus, message, details, wasDone, retryAfterSeconds }: Refusal): DomainError {
  const error =
    retryAfterSeconds === null
      ? new DomainError(code, httpStatus, message, undefined, details)
      : new RefusedForNow(code, message, retryAfterSeconds, httpStatus);
  return wasDone ? error.afterDone() : error;
}

const OWNER_SQL = 'SELECT n.id FROM wa_lease l JOIN node n ON n.id = l.owner WHERE l.outlet_id = $1';
const OWNERS_SQL = `
  SELECT DISTINCT n.id FROM wa_lease l JOIN node n ON n.id = l.owner
  WHERE $1::uuid[] IS NULL OR l.outlet_id = ANY($1)`;
