import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';
import { serve } from './serve.ts';
import { usage } from './usage.ts';

interface Row extends Record<string, unknown> {
  id: string;
  status: string | null;
}

const methods = {
  ...usage,
  /** The floor: these bytes from memory. */
  bare(json: string): Promise<string> {
    const body = Buffer.from(json);
    return listen((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    });
  },
  /** The design the product was asked for with: one query for the outlets, then one for the session of each. */
  perOutlet(databaseUrl: string): Promise<string> {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
    const app = express();
    app.get('/api/outlets/status', async (_, response) => {
      const { rows } = await pool.query<Row>('SELECT * FROM outlets ORDER BY name, id');
      const statuses: unknown[] = [];
      for (const outlet of rows) {
        const found = await pool.query<Row>('SELECT * FROM wa_session WHERE outlet_id = $1', [outlet.id]);
        statuses.push({ outletId: outlet.id, outlet, session: found.rows[0] ?? null });
      }
      response.json({ success: true, count: statuses.length, statuses });
    });
    return listen(app);
  },
};

export type StatusServerMethods = typeof methods;

function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
}

serve(methods);
