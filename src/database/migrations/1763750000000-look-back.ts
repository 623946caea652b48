import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long each outlet worked, by hour and day, for longer than its changes are kept. Begins with what the log has. */
export class LookBack1763750000000 implements MigrationInterface {
  readonly name = 'LookBack1763750000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE uptime_outlets (
        no int GENERATED ALWAYS AS IDENTITY CONSTRAINT uptime_outlets_pkey PRIMARY KEY,
        outlet_id uuid NOT NULL CONSTRAINT uptime_outlets_outlet_id_key UNIQUE,
        name text NOT NULL,
        city text,
        mark text CONSTRAINT uptime_outlets_mark_check CHECK (mark IN ('up', 'down', 'paused')),
        upto timestamptz NOT NULL
      );
      CREATE TABLE uptime_days (
        no int NOT NULL,
        day date NOT NULL,
        up int NOT NULL,
        down int NOT NULL,
        paused int NOT NULL,
        CONSTRAINT uptime_days_pkey PRIMARY KEY (no, day)
      );
      CREATE TABLE uptime_hours (
        no int NOT NULL,
        hour timestamptz NOT NULL,
        up int NOT NULL,
        down int NOT NULL,
        paused int NOT NULL,
        CONSTRAINT uptime_hours_pkey PRIMARY KEY (no, hour)
      );
      CREATE TABLE uptime_progress (
        id int CONSTRAINT uptime_progress_pkey PRIMARY KEY,
        cursor bigint NOT NULL,
        alive_at timestamptz,
        counted_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE uptime_progress; DROP TABLE uptime_hours; DROP TABLE uptime_days; DROP TABLE uptime_outlets',
    );
  }
}
