import { MAX_TAGS } from '@koneksi/contracts/contacts';
import type { ColumnUse, ImportDrop, ImportReason } from '@koneksi/contracts/contact-import';
import { readCountry } from '@koneksi/contracts/country-cell';
import { plainLine } from '@koneksi/contracts/plain-text';
import { unguardCell } from '@koneksi/contracts/spreadsheet-cell';
import { birthdayIn, isBirthdayField } from './birthday.js';
import { saysStop, type StopsWhen } from './consent-cell.js';
import { readPhone, readPhoneAmongWords, type PhoneRead } from '../../spreadsheets/domain/import-phone.js';
import { splitTags } from '../../spreadsheets/domain/tags-cell.js';

/** A line that can become a contact. */
export interface ImportDraft {
  phone: string;
  name: string | null;
  fields: Record<string, string>;
  tags: string[];
  /** They want no messages. */
  optedOut: boolean;
}

/** What a line says, and what of it is left out; or why it cannot be used. */
export type LineRead = { draft: ImportDraft; drops: ImportDrop[] } | { reason: ImportReason };

const MAX_NAME = 80;
const MAX_FIELD = 200;
const MAX_TAG = 30;
/** What people, databases and spreadsheets write where there is no name: nobody is called so. */
const NOTHING =
  /^(?:[-–—_.*?]{1,20}|null|undefined|\((?:null|blank|kosong|empty)\)|n\/a|#(?:n\/a|ref|value|name|null|num|div\/0)[!?]?|tanpa nama|no name)$/i;
/** How Google joins what belongs together. */
const JOINED = ' ::: ';
/** Why there is no number, the one that tells most first. */
const TELLING = [
  'PHONE_SHORTENED',
  'SEVERAL_PHONES',
  'PHONE_MASKED',
  'PHONE_LANDLINE',
  'PHONE_INVALID',
  'PHONE_MISSING',
] as const;

/** Which fields of a file hold birthdays: asked once, and not of each line. */
export function birthdayFields(columns: readonly ColumnUse[]): ReadonlySet<string> {
  return new Set(columns.flatMap((as) => (as.use === 'field' && isBirthdayField(as.field) ? [as.field] : [])));
}

/** Only the number is needed: what else cannot be kept is left out, and the customer is not. */
export function readLine(
  cells: readonly string[],
  columns: readonly ColumnUse[],
  birthdays: ReadonlySet<string> = birthdayFields(columns),
): LineRead {
  const drops = new Set<ImportDrop>();
  const phone = readNumbers(cells, columns, drops);
  if ('reason' in phone) return phone;
  const draft: ImportDraft = { phone: phone.phone, name: null, fields: {}, tags: [], optedOut: false };
  const names: string[] = [];
  let otherwise: string | null = null;
  for (const [index, as] of columns.entries()) {
    const cell = unguardCell(cells[index] ?? '');
    if (cell === '') continue;
    if (as.use === 'name') names.push(plainLine(cell));
    else if (as.use === 'name-else' && isName(plainLine(cell))) otherwise = plainLine(cell);
    else if (as.use === 'tags') draft.tags = readTags(cell, drops);
    else if (as.use === 'opted-out') draft.optedOut ||= readWish(cell, as.when, drops);
    else if (as.use === 'field') setField(draft, as.field, plainLine(cell), drops, birthdays);
  }
  draft.name = within(names.filter(isName).join(' ') || otherwise || null, MAX_NAME, 'NAME_TOO_LONG', drops);
  if ([draft.name, ...draft.tags, ...Object.values(draft.fields)].some((text) => text?.includes('\ufffd')))
    drops.add('BROKEN_CHARACTER');
  return { draft, drops: [...drops] };
}

/** Whether a line says that they want no messages, also one that cannot be used. */
export function saysNoMessages(cells: readonly string[], columns: readonly ColumnUse[]): boolean {
  return columns.some((as, index) => {
    const cell = unguardCell(cells[index] ?? '');
    return as.use === 'opted-out' && cell !== '' && readWish(cell, as.when, new Set());
  });
}

/** The first mobile number among the columns of numbers. */
function readNumbers(cells: readonly string[], columns: readonly ColumnUse[], drops: Set<ImportDrop>): PhoneRead {
  const homeland = readCountry(cells[columns.findIndex(({ use }) => use === 'country')] ?? '') ?? undefined;
  const reads = (['phone', 'phone-else'] as const).flatMap((wanted) =>
    columns.flatMap(({ use }, index) =>
      use === wanted
        ? unguardCell(cells[index] ?? '')
            .split(JOINED)
            .map((part) => readPhoneAmongWords(part, homeland))
        : [],
    ),
  );
  const found = new Set(reads.flatMap((read) => ('phone' in read ? [read.phone] : [])));
  if (found.size > 1) drops.add('OTHER_NUMBERS');
  const [phone] = found;
  if (phone) return { phone };
  const reasons = reads.flatMap((read) => ('reason' in read ? [read.reason] : []));
  return { reason: TELLING.find((reason) => reasons.includes(reason)) ?? 'PHONE_MISSING' };
}

/** Address books call who has no name by their number. */
const isName = (name: string): boolean =>
  name !== '' && !NOTHING.test(name) && !(/\d{3}/.test(name) && 'phone' in readPhone(name));

function setField(
  draft: ImportDraft,
  field: string,
  value: string,
  drops: Set<ImportDrop>,
  birthdays: ReadonlySet<string>,
): void {
  const kept = within(value, MAX_FIELD, 'FIELD_TOO_LONG', drops);
  if (!kept) return;
  draft.fields[field] = kept;
  if (birthdays.has(field) && /[\p{L}\p{N}]/u.test(kept) && birthdayIn(kept) === null) drops.add('BIRTHDAY_UNCLEAR');
}

function readTags(cell: string, drops: Set<ImportDrop>): string[] {
  const tags = splitTags(cell)
    .map((tag) => plainLine(tag).toLowerCase())
    // `* myContacts`: Google's own groups.
    .filter((tag) => tag !== '' && !tag.startsWith('* '));
  const kept = [...new Set(tags)].filter((tag) => within(tag, MAX_TAG, 'TAG_TOO_LONG', drops) !== null);
  if (kept.length > MAX_TAGS) drops.add('TOO_MANY_TAGS');
  return kept.slice(0, MAX_TAGS);
}

/** What is not understood counts as a wish: rather one message too few than one against somebody's will. */
function readWish(cell: string, when: StopsWhen, drops: Set<ImportDrop>): boolean {
  const said = saysStop(cell, when);
  if (said === null) drops.add('CONSENT_UNCLEAR');
  return said ?? true;
}

function within(text: string | null, maximum: number, drop: ImportDrop, drops: Set<ImportDrop>): string | null {
  if (text === null || text.length <= maximum) return text;
  drops.add(drop);
  return null;
}
