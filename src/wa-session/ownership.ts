import { Injectable } from '@nestjs/common';
import { NodeIdentity } from '../cluster/node-identity.js';
import { SystemDataSource } from '../database/system-data-source.js';
import type { Ownership } from './fence.js';

interface Claimed {
  outlet_id: string;
  owner: string;
  epoch: string;
}

/**
 * Claims what is free: what was let go, or whose owner is no node any more. Nobody who lives loses anything by it. This
 * node's row is held until the commit, so that whoever buries it finds all that it claimed. A lease that somebody else
 * took since this statement began has another epoch and is let be, whatever the statement sees of the nodes: it may be
 * older than they. Whoever is drained claims where nobody else is left, as `stayingOf` has it.
 */
const CLAIM_SQL = `
  WITH me AS MATERIALIZED (
    SELECT n.id FROM node n WHERE n.id = $1 AND NOT n.leaving
      AND (NOT n.drained OR NOT EXISTS (SELECT FROM node o WHERE NOT o.leaving AND NOT o.drained))
    FOR KEY SHARE OF n),
  orphans AS MATERIALIZED (
    SELECT l.outlet_id, l.epoch FROM wa_lease l LEFT JOIN node n ON n.id = l.owner
    WHERE n.id IS NULL AND ($3::uuid[] IS NULL OR l.outlet_id = ANY($3))),
  free AS (
    SELECT l.outlet_id FROM wa_lease l JOIN orphans o ON o.outlet_id = l.outlet_id AND o.epoch = l.epoch CROSS JOIN me
    ORDER BY l.outlet_id LIMIT $2 FOR UPDATE OF l SKIP LOCKED)
  UPDATE wa_lease w SET owner = $1, epoch = w.epoch + 1, claimed_at = now() FROM free
  WHERE w.outlet_id = free.outlet_id RETURNING w.outlet_id, w.owner, w.epoch`;

const PROVIDE_SQL = `
  INSERT INTO wa_lease (outlet_id, owner, epoch)
  SELECT o.id, NULL, 0 FROM outlets o
  WHERE ($1::uuid[] IS NULL OR o.id = ANY($1)) AND NOT EXISTS (SELECT FROM wa_lease l WHERE l.outlet_id = o.id)
  ORDER BY o.id ON CONFLICT DO NOTHING`;

/** Under the claim that it was: what was claimed anew meanwhile is not ours to let go. */
const LET_GO_SQL = `
  UPDATE wa_lease l SET owner = NULL
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS gone(outlet_id, owner, epoch)
  WHERE l.outlet_id = gone.outlet_id AND l.owner = gone.owner AND l.epoch = gone.epoch`;

/** Which sessions are this node's. Others of its claims write nothing any more. */
@Injectable()
export class SessionOwnership {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly identity: NodeIdentity,
  ) {}

  /** Who owns what this process claims. */
  get owner(): string {
    return this.identity.id;
  }

  /** Claims so many of what is free, of these alone where they are named. */
  async claim(atMost: number, outletIds: readonly string[] | null = null): Promise<Ownership[]> {
    const [rows] = await this.dataSource.query<[Claimed[], number]>(CLAIM_SQL, [this.owner, atMost, outletIds]);
    return rows.map(({ outlet_id: outletId, owner, epoch }) => ({ outletId, owner, epoch }));
  }

  /** Outlets that nobody owned so far can be claimed from now on; those named, or all. */
  async provide(outletIds: readonly string[] | null = null): Promise<void> {
    await this.dataSource.query(PROVIDE_SQL, [outletIds]);
  }

  /** Everything that was to be written of them is committed: others may have them. */
  async letGo(owned: readonly Ownership[]): Promise<void> {
    await this.dataSource.query(LET_GO_SQL, [
      owned.map(({ outletId }) => outletId),
      owned.map(({ owner }) => owner),
      owned.map(({ epoch }) => epoch),
    ]);
  }
}
