import { Injectable } from '@nestjs/common';
import type { ActName } from '@koneksi/contracts/activity';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';

/** More than a person does of one thing in a day. */
export const OWN_LINES_A_DAY = 500;
const HOUR_MS = 3_600_000;

interface Doing {
  action: ActName;
  actor: { id: string; kind: string; name: string };
  address: string | null;
  agent: string | null;
}

/**
 * How much of the log one actor may fill, so that nobody makes it grow for ever nor buries what others did: of each act 500
 * lines a day. What they do of it beyond shares one line an hour, which says how often. Each act has a budget of its own:
 * much of one hides nothing of another.
 */
@Injectable()
export class SharedLines {
  private readonly own = new RateLimiterMemory({ points: OWN_LINES_A_DAY, duration: 24 * 3_600 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Whether this act is to share a line; it is counted either way. */
  async mustShare(actorId: string, action: ActName): Promise<boolean> {
    const { consumedPoints } = await this.own.penalty(keyOf(actorId, action));
    return consumedPoints > OWN_LINES_A_DAY;
  }

  /** Nothing was done. */
  async giveBack(actorId: string, action: ActName): Promise<void> {
    await this.own.reward(keyOf(actorId, action));
  }

  /** Counted before it is done, as other acts are written before they are. Answers the line. */
  async begin({ action, actor, address, agent }: Doing): Promise<string> {
    const now = this.clock.wall();
    const until = new Date((Math.floor(now / HOUR_MS) + 1) * HOUR_MS);
    const [line] = await this.dataSource.query<{ id: string }[]>(BEGIN_SQL, [
      new Date(now),
      action,
      actor.id,
      actor.kind,
      actor.name,
      address,
      agent,
      until,
    ]);
    return line!.id;
  }

  async end(id: string, outletIds: readonly string[]): Promise<void> {
    await this.dataSource.query(END_SQL, [id, new Date(this.clock.wall()), outletIds]);
  }

  async drop(id: string): Promise<void> {
    await this.dataSource.query('UPDATE activity SET times = times - 1 WHERE id = $1', [id]);
    await this.dataSource.query('DELETE FROM activity WHERE id = $1 AND times = 0', [id]);
  }
}

const keyOf = (actorId: string, action: ActName): string => `${actorId} ${action}`;

const BEGIN_SQL = `
  INSERT INTO activity (at, action, actor_id, actor_kind, actor_name, address, agent, shared_until)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (actor_id, action, shared_until) WHERE shared_until IS NOT NULL
  DO UPDATE SET times = activity.times + 1
  RETURNING id`;

/** Written again only where it says something new: the end of each of many acts at once would be a new row each time. */
const END_SQL = `
  UPDATE activity SET ended_at = $2, outlet_ids = ARRAY(SELECT DISTINCT o FROM unnest(outlet_ids || $3::uuid[]) AS o)
  WHERE id = $1 AND (ended_at IS NULL OR ended_at < $2::timestamptz - interval '1 second' OR NOT outlet_ids @> $3::uuid[])`;
