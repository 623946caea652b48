import type { Waiting } from '@koneksi/contracts/blast-preview';

/** Of how many blasts people are told. */
const MOST_TOLD = 20;

/**
 * Of everyone judged to get this blast: whom another that has not ended is still to reach. `$1` narrows to outlets, or is
 * null for all; `$2` are blasts that are told otherwise.
 */
const STILL_TO_COME = `
  FROM judged j JOIN blast_recipients x ON x.number = j.number AND x.status = 'queued'
  JOIN blasts b ON b.id = x.blast_id AND b.kind = 'blast' AND b.status IN ('scheduled', 'running', 'paused')
  WHERE j.reason IS NULL AND ($1::uuid[] IS NULL OR x.outlet_id = ANY ($1::uuid[])) AND b.id <> ALL ($2::uuid[])`;

interface Row {
  id: string;
  title: string | null;
  status: Waiting['blasts'][number]['status'];
  created_at: Date;
  created_by_name: string;
  people: number;
}

type Ask = <T extends object>(text: string, values: unknown[]) => Promise<T[]>;

/** What the same people are still to get, but for `otherwise`; within the transaction that judged them. */
export async function stillToCome(
  ask: Ask,
  outletIds: readonly string[] | null,
  otherwise: readonly string[],
): Promise<Omit<Waiting, 'of'> | null> {
  const values = [outletIds, otherwise];
  const [all] = await ask<{ people: number }>(
    `SELECT count(DISTINCT j.number)::int AS people ${STILL_TO_COME}`,
    values,
  );
  if (!all?.people) return null;
  const rows = await ask<Row>(
    `SELECT b.id, b.title, b.status, b.created_at, b.created_by_name, count(DISTINCT j.number)::int AS people ${STILL_TO_COME}
     GROUP BY b.id ORDER BY people DESC, b.created_at DESC, b.id LIMIT ${MOST_TOLD}`,
    values,
  );
  const blasts = rows.map(({ created_at, created_by_name, ...row }) => ({
    ...row,
    createdAt: created_at.toISOString(),
    createdBy: created_by_name,
  }));
  return { people: all.people, blasts };
}
