import type { BlastRecipient, RecipientPage } from '@koneksi/contracts/blast-recipients';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import type { Page } from 'playwright-core';
import type { DataSource } from 'typeorm';
import { eventually } from './eventually.js';
import { expectOk, type Koneksi } from './koneksi.js';

/** The number of the customer with this index. */
export const customer = (index: number): string => `628777${String(index).padStart(7, '0')}`;

/** `count` customers from `first` on, as contacts of one outlet, on WhatsApp. */
export async function addContacts(
  { simulator, dataSource }: { simulator: Simulator; dataSource: DataSource },
  outletId: string,
  first: number,
  count: number,
): Promise<string[]> {
  const numbers = Array.from({ length: count }, (_, index) => customer(first + index));
  for (const number of numbers) simulator.phone(number);
  await dataSource.query(
    `INSERT INTO contacts (id, outlet_id, number, name, fields, tags)
     SELECT gen_random_uuid(), $1, n, 'Pelanggan ' || right(n, 3), '{"Kota": "Bandung"}', '{pelanggan}' FROM unnest($2::text[]) AS n`,
    [outletId, numbers],
  );
  return numbers;
}

/** Quiet hours of Jakarta around this moment, whatever the time of day. */
export function quietNow(now = Date.now()): { from: string; to: string } {
  const inWib = (instant: number): string => new Date(instant + 7 * 3_600_000).toISOString().slice(11, 16);
  return { from: inWib(now - 3_600_000), to: inWib(now + 3_600_000) };
}

/**
 * Pages ask for 10 s in which a press can be taken back: a busy machine may not have loaded the next page by then, and
 * whoever looks at something else waits for nothing. The server's `BLAST_UNDO_MS` bounds it. Answers what pages ask for.
 */
export async function undoFor(page: Page, undoSeconds: number): Promise<number[]> {
  const asked: number[] = [];
  await page.route('**/api/blasts', (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    const body = route.request().postDataJSON() as { undoSeconds: number };
    asked.push(body.undoSeconds);
    return route.continue({ postData: JSON.stringify({ ...body, undoSeconds }) });
  });
  return asked;
}

/** Blasts of a running product, over its own interface. */
export class Blasts {
  constructor(private readonly koneksi: Koneksi) {}

  async create(body: object): Promise<string> {
    const asTyped = { noWayOut: 'Isi pesan diperiksa kata demi kata', ...body };
    return expectOk(await this.koneksi.call<BlastCreated>('POST', '/blasts', { body: asTyped })).id;
  }

  async find(id: string): Promise<Blast> {
    return expectOk(await this.koneksi.call<Blast>('GET', `/blasts/${id}`));
  }

  async verb(id: string, verb: string, body?: object): Promise<void> {
    expectOk(await this.koneksi.call('POST', `/blasts/${id}/${verb}`, { body }));
  }

  async recipients(id: string, query = ''): Promise<BlastRecipient[]> {
    const path = `/blasts/${id}/recipients?limit=500${query}`;
    return expectOk(await this.koneksi.call<RecipientPage>('GET', path)).recipients;
  }

  becomes(id: string, what: string, is: (blast: Blast) => boolean): Promise<Blast> {
    return eventually(what, async () => {
      const blast = await this.find(id);
      return is(blast) && blast;
    });
  }

  /** Nothing waits or is on its way, and every phone that got it has said so. */
  delivered(id: string): Promise<Blast> {
    return this.becomes(
      id,
      `blast ${id} is delivered`,
      ({ status, counts }) => status === 'finished' && counts.sent === 0,
    );
  }

  /** When each message was begun, oldest first; an acknowledgement may be noted at any time. Milliseconds since the epoch. */
  async begunAt(...ids: string[]): Promise<number[]> {
    const rows = await this.koneksi.database.dataSource.query<{ sending_at: Date }[]>(
      'SELECT sending_at FROM blast_recipients WHERE blast_id = ANY($1) AND sending_at IS NOT NULL ORDER BY sending_at',
      [ids],
    );
    return rows.map(({ sending_at }) => sending_at.getTime());
  }

  /** Nothing but a claim touches the day's count, so whoever holds it holds the next message. Answers what lets it go. */
  async holdNext(): Promise<() => Promise<void>> {
    const holder = this.koneksi.database.dataSource.createQueryRunner();
    await holder.startTransaction();
    // It is ended where it says nothing for as long as what a test looks at may take.
    await holder.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await holder.query('SELECT 1 FROM blast_days FOR UPDATE');
    return async () => {
      await holder.rollbackTransaction();
      await holder.release();
    };
  }

  textsOf(number: string): string[] {
    return this.koneksi.simulator.phone(number).inbox.map(({ text }) => text);
  }
}
