import { Injectable } from '@nestjs/common';
import { SystemDataSource } from '../database/system-data-source.js';

/** A node as the database has it. */
export interface RosterNode {
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly schemaVersion: string;
  readonly beats: string;
  /** Its process ends. */
  readonly leaving: boolean;
  /** A person has it hand over what it owns. */
  readonly drained: boolean;
  readonly startedAt: Date;
  /** Outlets that it owns. */
  readonly owned: number;
}

export interface Roster {
  readonly nodes: readonly RosterNode[];
  /** All outlets that somebody can own. */
  readonly outlets: number;
}

/** Who the nodes are, and what each of them owns. */
@Injectable()
export class NodeRoster {
  constructor(private readonly dataSource: SystemDataSource) {}

  async read(): Promise<Roster> {
    const nodes = await this.dataSource.query<(RosterNode & { outlets: number })[]>(
      `SELECT n.id, n.url, n.version, n.schema_version AS "schemaVersion", n.beats, n.leaving, n.drained, n.started_at AS "startedAt",
         (SELECT count(*)::int FROM wa_lease l WHERE l.owner = n.id) AS owned,
         (SELECT count(*)::int FROM wa_lease) AS outlets
       FROM node n ORDER BY n.started_at, n.id`,
    );
    return { nodes, outlets: nodes[0]?.outlets ?? 0 };
  }

  /** Who lives, as far as anybody knows. */
  async ids(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>('SELECT id FROM node');
    return rows.map(({ id }) => id);
  }

  async enter(node: Pick<RosterNode, 'id' | 'url' | 'version' | 'schemaVersion' | 'drained'>): Promise<void> {
    const { id, url, version, schemaVersion, drained } = node;
    await this.dataSource.query(
      'INSERT INTO node (id, url, version, schema_version, drained) VALUES ($1, $2, $3, $4, $5)',
      [id, url, version, schemaVersion, drained],
    );
  }

  /** Whether it is still there: who was buried beats no more. */
  async beat(id: string): Promise<boolean> {
    return this.changes('UPDATE node SET beats = beats + 1 WHERE id = $1', [id]);
  }

  async announceLeaving(id: string): Promise<void> {
    await this.changes('UPDATE node SET leaving = true WHERE id = $1', [id]);
  }

  /** Whether it was ours to do. The row's lock settles a beat that comes in the same moment. */
  async bury(id: string, beats: string): Promise<boolean> {
    return this.changes('DELETE FROM node WHERE id = $1 AND beats = $2::bigint', [id, beats]);
  }

  async strike(id: string): Promise<void> {
    await this.changes('DELETE FROM node WHERE id = $1', [id]);
  }

  /** For whoever has the database to itself: all others are dead. */
  async strikeOthers(id: string): Promise<void> {
    await this.changes('DELETE FROM node WHERE id <> $1', [id]);
  }

  private async changes(sql: string, values: unknown[]): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown, number]>(sql, values);
    return count > 0;
  }
}
