import type { Contact } from '@koneksi/contracts/contacts';

/** A row of `contacts`, with whether its number is opted out. */
export interface ContactRow {
  id: string;
  outlet_id: string;
  number: string;
  name: string | null;
  fields: Record<string, string>;
  tags: string[];
  created_at: Date;
  updated_at: Date;
  opted_out: boolean;
}

export const CONTACT_COLUMNS = `
  c.id, c.outlet_id, c.number, c.name, c.fields, c.tags, c.created_at, c.updated_at,
  EXISTS (SELECT FROM opt_outs o WHERE o.number = c.number) AS opted_out`;

export function toContact(row: ContactRow): Contact {
  return {
    id: row.id,
    outletId: row.outlet_id,
    phone: row.number,
    name: row.name,
    fields: row.fields,
    tags: row.tags,
    optedOut: row.opted_out,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
