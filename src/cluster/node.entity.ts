import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One process that works on this database, for as long as it lives; who has no row here owns nothing. */
@Entity('node')
export class NodeEntity {
  /** New with every start. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'node_pkey' })
  id: string;

  /** Where it listens, for people. */
  @Column({ type: 'text' })
  url: string;

  @Column({ type: 'text' })
  version: string;

  /** The newest step of the database that it knows. */
  @Column({ name: 'schema_version', type: 'text' })
  schemaVersion: string;

  /** Counts on while it lives. No clock: others watch whether it moves. */
  @Column({ type: 'bigint', default: 0 })
  beats: string;

  /** It hands over what it owns and takes nothing: its process ends. */
  @Column({ type: 'boolean', default: false })
  leaving: boolean;

  /** A person has it do so; the process stays up. */
  @Column({ type: 'boolean', default: false })
  drained: boolean;

  /** For people. */
  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'now()' })
  startedAt: Date;
}
