import type { OutletField, OutletImportReason } from '@koneksi/contracts/outlet-import';
import { UpdateOutlet } from '@koneksi/contracts/outlets';
import { unguardCell } from '@koneksi/contracts/spreadsheet-cell';
import { plainHeader } from '../../spreadsheets/domain/header-words.js';
import { splitTags } from '../../spreadsheets/domain/tags-cell.js';
import { readOutletPhone, type PhoneRead } from '../../spreadsheets/domain/import-phone.js';

/** What a line says of an outlet; `undefined` where it says nothing. */
export interface OutletDraft extends Omit<UpdateOutlet, 'whatsappNumber' | 'city'> {
  number: string;
  city?: string;
}

export type OutletLine = { draft: OutletDraft } | { reason: OutletImportReason };

const YES = new Set('ya y yes iya true t 1 v x on aktif active enabled hidup buka'.split(' '));
const NO = new Set(
  'tidak tdk no n false f 0 off nonaktif tidakaktif inactive disabled mati tutup ditutup closed'.split(' '),
);
/** The one field of the form that a rule was broken by. */
const BROKEN: Record<string, OutletImportReason> = {
  name: 'OUTLET_NAME_WRONG',
  city: 'OUTLET_CITY_WRONG',
  tags: 'OUTLET_TAGS_WRONG',
};

/** By the rules of the form that adds one. */
export function readOutletLine(cells: Partial<Record<OutletField, string>>): OutletLine {
  const said = (field: OutletField): string | undefined => oneLine(unguardCell(cells[field] ?? '')) || undefined;
  const phone = readOutletPhone(unguardCell(cells.number ?? ''));
  if ('reason' in phone) return { reason: numberReason(phone) };
  const flags = { isActive: readFlag(said('active')), autoReconnect: readFlag(said('autoReconnect')) };
  if (Object.values(flags).includes('unclear')) return { reason: 'FLAG_UNCLEAR' };
  const fields = given({
    name: said('name'),
    city: said('city'),
    tags: readTags(unguardCell(cells.tags ?? '')),
    ...flags,
  });
  const read = UpdateOutlet.safeParse(fields);
  if (!read.success) return { reason: BROKEN[String(read.error.issues[0]?.path[0])] ?? 'OUTLET_NAME_WRONG' };
  const { city, ...rest } = read.data;
  return { draft: { number: phone.phone, ...rest, ...(city && { city }) } };
}

function numberReason({ reason }: Extract<PhoneRead, { reason: unknown }>): OutletImportReason {
  return reason === 'PHONE_INVALID' || reason === 'PHONE_LANDLINE' ? 'OUTLET_NUMBER_INVALID' : reason;
}

function readFlag(said: string | undefined): boolean | 'unclear' | undefined {
  if (said === undefined) return undefined;
  if (/^[✓✔☑]$/u.test(said)) return true;
  const word = plainHeader(said);
  return YES.has(word) ? true : NO.has(word) ? false : 'unclear';
}

/** `Mall, mall` is one. */
function readTags(cell: string): string[] | undefined {
  const said = cell.replace(/\p{Cc}+/gu, ' ').trim();
  if (said === '') return undefined;
  const tags = new Map(
    splitTags(said)
      .reverse()
      .map((tag) => [tag.toLowerCase(), tag]),
  );
  return [...tags.values()].reverse();
}

function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;
}

/** Names and words are one line each; control characters have no place in them. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
