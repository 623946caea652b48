import type { DataSource } from 'typeorm';

const CITIES = ['Bandung', 'Jakarta', 'Surabaya', 'Medan', 'Makassar'];

/**
 * So many outlets with a year behind them, as the book of uptime would have written it: most well, some that fail day
 * after day, each joining within the year. They are not linked: from now on they are paused.
 */
export async function seedUptime(dataSource: DataSource, count: number): Promise<void> {
  await dataSource.query(`DELETE FROM outlets WHERE name LIKE 'Toko %'`);
  await dataSource.query(`DELETE FROM uptime_outlets WHERE name LIKE 'Toko %'`);
  await dataSource.query(
    `INSERT INTO outlets (id, name, whatsapp_number, city)
     SELECT gen_random_uuid(), 'Toko ' || lpad(n::text, 4, '0'), '6281' || lpad((n + 700000)::text, 8, '0'), ($2::text[])[1 + n % 5]
     FROM generate_series(1, $1::int) n`,
    [count, CITIES],
  );
  await dataSource.query(
    `INSERT INTO uptime_outlets (outlet_id, name, city, mark, upto)
     SELECT id, name, city, 'paused', now() FROM outlets WHERE name LIKE 'Toko %' ORDER BY name`,
  );
  await dataSource.query(
    `INSERT INTO uptime_days (no, day, up, down, paused)
     SELECT u.no, d::date, 86400000 - s.down, s.down, 0 FROM uptime_outlets u
     CROSS JOIN generate_series(current_date - 364, current_date - 1, interval '1 day') d
     CROSS JOIN LATERAL (SELECT CASE WHEN u.no % 7 = 0 OR (u.no * 31 + d::date - '2020-01-01') % 41 = 0
       THEN 60000 * (1 + (u.no * 13 + (d::date - '2020-01-01')) % 240) ELSE 0 END AS down) s
     WHERE u.name LIKE 'Toko %' AND d > current_date - 364 + (u.no % 9) * 20`,
  );
  await dataSource.query(
    `INSERT INTO uptime_hours (no, hour, up, down, paused)
     SELECT u.no, h, 3600000 - s.down, s.down, 0 FROM uptime_outlets u
     CROSS JOIN generate_series(date_trunc('hour', now()) - interval '26 hours', date_trunc('hour', now()) - interval '1 hour', interval '1 hour') h
     CROSS JOIN LATERAL (SELECT CASE WHEN (u.no + extract(hour FROM h)::int) % 5 = 0
       THEN 30000 * (1 + u.no % 20) ELSE 0 END AS down) s
     WHERE u.name LIKE 'Toko %'`,
  );
}
