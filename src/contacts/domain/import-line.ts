import { MAX_TAGS } from '@koneksi/contracts/contacts';
import type { ColumnUse, ImportReason } from '@koneksi/contracts/contact-import';
import { readPhone } from './import-phone.js';
import { unguardCell } from '@koneksi/contracts/spreadsheet-cell';

/** A line that can become a contact. */
export interface ImportDraft {
  phone: string;
  name: string | null;
  fields: Record<string, string>;
  tags: string[];
}

const MAX_NAME = 80;
const MAX_FIELD = 200;
const MAX_TAG = 30;

/** What one line of the file says, or why it cannot be used. */
export function readLine(cells: readonly string[], columns: readonly ColumnUse[]): ImportDraft | ImportReason {
  const draft: ImportDraft = { phone: '', name: null, fields: {}, tags: [] };
  let phone: ReturnType<typeof readPhone> = { reason: 'PHONE_MISSING' };
  for (const [index, as] of columns.entries()) {
    const cell = unguardCell(cells[index] ?? '');
    if (as.use === 'phone') phone = readPhone(cell);
    else if (as.use === 'name') draft.name = oneLine(cell) || null;
    else if (as.use === 'tags') draft.tags = readTags(cell);
    else if (as.use === 'field' && oneLine(cell) !== '') draft.fields[as.field] = oneLine(cell);
  }
  if ('reason' in phone) return phone.reason;
  if (draft.name && draft.name.length > MAX_NAME) return 'NAME_TOO_LONG';
  if (Object.values(draft.fields).some((value) => value.length > MAX_FIELD)) return 'FIELD_TOO_LONG';
  if (draft.tags.some((tag) => tag.length > MAX_TAG)) return 'TAG_TOO_LONG';
  if (draft.tags.length > MAX_TAGS) return 'TOO_MANY_TAGS';
  return { ...draft, phone: phone.phone };
}

function readTags(cell: string): string[] {
  const tags = cell.split(/[,;|]/).map((tag) => oneLine(tag).toLowerCase());
  return [...new Set(tags)].filter((tag) => tag !== '');
}

/** Names and fields are one line each; control characters have no place in them. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
