import * as z from 'zod';
import {
  IMPORT_DELIMITERS,
  IMPORT_ENCODINGS,
  IMPORT_KINDS,
  IMPORT_OUTCOMES,
  ImportCounts,
  ImportReading,
} from './contact-import.ts';

/** The most lines in one file of outlets. */
export const MAX_IMPORT_OUTLETS = 5_000;

/** What of an outlet a column may hold. */
export const OUTLET_FIELDS = ['name', 'number', 'city', 'tags', 'active', 'autoReconnect'] as const;
export type OutletField = (typeof OUTLET_FIELDS)[number];

/** Why a line is not imported. */
export const OUTLET_IMPORT_REASONS = [
  'PHONE_MISSING',
  'OUTLET_NUMBER_INVALID',
  'PHONE_SHORTENED',
  'PHONE_MASKED',
  'SEVERAL_PHONES',
  /** An earlier line of the file has this number. */
  'REPEATED',
  'OUTLET_NAME_MISSING',
  'OUTLET_NAME_WRONG',
  /** Another outlet, here or in the file, has this name and another number. */
  'OUTLET_NAME_TAKEN',
  'OUTLET_CITY_WRONG',
  'OUTLET_TAGS_WRONG',
  /** Neither yes nor no. */
  'FLAG_UNCLEAR',
  /** Of a spreadsheet, as a filter leaves it. */
  'ROW_HIDDEN',
] as const;
export type OutletImportReason = (typeof OUTLET_IMPORT_REASONS)[number];

const Column = z.string().trim().min(1).max(80).optional();

/** Which column holds what: its header, or its place counted from 1; 0 for none. What nobody names is guessed. */
export const OutletImportQuery = z.strictObject({
  ...ImportReading.shape,
  name: Column.describe('The column of names: its header, or its place counted from 1; 0 for none.'),
  number: Column.describe('The column of WhatsApp numbers. Needed where two may hold them.'),
  city: Column,
  tags: Column,
  active: Column,
  autoReconnect: Column,
  look: z.enum(['true', 'false']).optional().describe('Tell what would become of each line, and change nothing.'),
});
export type OutletImportQuery = z.infer<typeof OutletImportQuery>;

export const OutletImportColumn = z.object({
  header: z.string().nullable().describe('Cut to 60 characters; `null` where the file has no line of headers.'),
  samples: z.array(z.string()).describe('The first values in it, cut alike.'),
  as: z.enum(OUTLET_FIELDS).nullable().describe('`null`: it is left out.'),
});
export type OutletImportColumn = z.infer<typeof OutletImportColumn>;

export const OutletImportRow = z.object({
  line: z.int(),
  number: z.string(),
  name: z.string(),
  city: z.string().nullable(),
  tags: z.array(z.string()),
  isActive: z.boolean(),
  autoReconnect: z.boolean(),
  outcome: z.enum(IMPORT_OUTCOMES),
});
export type OutletImportRow = z.infer<typeof OutletImportRow>;

export const RejectedOutlet = z.object({
  line: z.int().describe('As an editor counts: the first line of the file is 1.'),
  value: z.string().describe('What stands where the number should, cut to 60 characters.'),
  reason: z.enum(OUTLET_IMPORT_REASONS),
  message: z.string().describe('For people: Indonesian, or English with `Accept-Language: en`.'),
  cells: z
    .partialRecord(z.enum(OUTLET_FIELDS), z.string())
    .describe('What the line says, cut to 500 characters each, to be mended and imported again.'),
});
export type RejectedOutlet = z.infer<typeof RejectedOutlet>;

/** What became of a file of outlets, or would. */
export const OutletImportResult = z.object({
  kind: z.enum(IMPORT_KINDS),
  encoding: z.enum(IMPORT_ENCODINGS),
  delimiter: z.enum(IMPORT_DELIMITERS).nullable(),
  headerLine: z.int().nullable().describe('As an editor counts; `null` where no line names the columns.'),
  linesAbove: z.int().describe('Lines with something in them above the table.'),
  columns: z.array(OutletImportColumn),
  numberCandidates: z.array(z.int()).describe('Columns that may hold the numbers, likeliest first, counted from 0.'),
  counts: ImportCounts,
  rows: z.array(OutletImportRow).describe('The first that are or would be outlets, as they then are.'),
  rejected: z.array(RejectedOutlet).describe('Every one.'),
});
export type OutletImportResult = z.infer<typeof OutletImportResult>;

/** How a file of outlets names its columns, in the language of who takes it; an import knows them all. */
export const OUTLET_HEADERS: Record<'id' | 'en', Record<OutletField, string>> = {
  id: {
    name: 'nama_outlet',
    number: 'nomor_wa',
    city: 'kota',
    tags: 'label',
    active: 'aktif',
    autoReconnect: 'sambung_otomatis',
  },
  en: {
    name: 'outlet_name',
    number: 'whatsapp_number',
    city: 'city',
    tags: 'tags',
    active: 'active',
    autoReconnect: 'auto_reconnect',
  },
};
