/** Which contacts of an outlet are meant. */
export interface Matching {
  search?: string | undefined;
  tag?: string | undefined;
}

/** A condition on `contacts c`, with the values its placeholders stand for. */
export interface Condition {
  sql: string;
  values: unknown[];
}

/**
 * Parts of names and numbers are found by trigrams where the database has them; without, and for one or two letters,
 * a search reads every contact of the outlet, which its index narrows down to.
 */
export function matchingCondition(outletId: string, { search, tag }: Matching): Condition {
  const values: unknown[] = [outletId];
  const parts = ['c.outlet_id = $1'];
  if (tag) {
    values.push(tag);
    parts.push(`c.tags @> ARRAY[$${values.length}]`);
  }
  if (search) {
    values.push(likePattern(search.toLowerCase()));
    const ways = [`lower(c.name) LIKE $${values.length}`];
    for (const digits of digitsMeant(search)) {
      values.push(`%${digits}%`);
      ways.push(`c.number LIKE $${values.length}`);
    }
    parts.push(`(${ways.join(' OR ')})`);
  }
  return { sql: parts.join(' AND '), values };
}

/** The digits a number may contain where people type part of it; `0812` stands for `62812` as well. */
export function digitsMeant(search: string): string[] {
  if (!/^[+\d\s().-]+$/.test(search)) return [];
  const digits = search.replace(/\D/g, '');
  if (digits === '') return [];
  const national = digits.replace(/^0+/, '');
  const isNational = digits.startsWith('0') && national !== '' && !national.startsWith('62');
  return [digits.replace(/^00(?=62)/, ''), ...(isNational ? [`62${national}`] : [])];
}

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
