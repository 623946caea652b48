import * as z from 'zod';
import { FieldName } from './contacts.ts';

/** The largest file, and the most lines in it, that one import takes. */
export const MAX_IMPORT_BYTES = 10_000_000;
export const MAX_IMPORT_LINES = 100_000;
export const MAX_IMPORT_COLUMNS = 200;
/** Characters; far above what any of a contact's values may hold, since columns of notes are left out unread. */
export const MAX_IMPORT_CELL = 10_000;

/** Why a line is not imported. */
export const IMPORT_REASONS = [
  'PHONE_MISSING',
  'PHONE_INVALID',
  /** `6.28123E+12`: the spreadsheet kept only the first digits. */
  'PHONE_SHORTENED',
  /** `62*****01`: a marketplace hides the rest. */
  'PHONE_MASKED',
  'PHONE_LANDLINE',
  'SEVERAL_PHONES',
  /** An earlier line of the file has this number. */
  'REPEATED',
  'NAME_TOO_LONG',
  'FIELD_TOO_LONG',
  'TAG_TOO_LONG',
  'TOO_MANY_TAGS',
] as const;
export type ImportReason = (typeof IMPORT_REASONS)[number];

/** What a column of the file is taken for. */
export const ColumnUse = z.discriminatedUnion('use', [
  z.strictObject({ use: z.literal('phone') }),
  z.strictObject({ use: z.literal('name') }),
  z.strictObject({ use: z.literal('tags') }),
  z.strictObject({ use: z.literal('field'), field: FieldName }),
  z.strictObject({ use: z.literal('ignore') }),
]);
export type ColumnUse = z.infer<typeof ColumnUse>;

/** The body that changes what an uploaded file's columns are taken for. */
export const ChooseColumns = z.strictObject({ columns: z.array(ColumnUse).min(1).max(MAX_IMPORT_COLUMNS) });
export type ChooseColumns = z.infer<typeof ChooseColumns>;

export const ImportColumn = z.object({
  header: z.string().nullable().describe('Cut to 60 characters; `null` where the file has no line of headers.'),
  samples: z.array(z.string()).describe('The first values in it, cut alike.'),
  as: ColumnUse,
});
export type ImportColumn = z.infer<typeof ImportColumn>;

export const IMPORT_OUTCOMES = ['ADDED', 'UPDATED', 'SAME'] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

export const ImportRow = z.object({
  line: z.int(),
  phone: z.string(),
  name: z.string().nullable(),
  fields: z.record(z.string(), z.string()),
  tags: z.array(z.string()),
  outcome: z.enum(IMPORT_OUTCOMES),
});
export type ImportRow = z.infer<typeof ImportRow>;

export const RejectedLine = z.object({
  line: z.int().describe('As an editor counts: the first line of the file is 1.'),
  value: z.string().describe('What stands where the number should, cut to 60 characters.'),
  reason: z.enum(IMPORT_REASONS),
  message: z.string().describe('For people: Indonesian, or English with `Accept-Language: en`.'),
});
export type RejectedLine = z.infer<typeof RejectedLine>;

export const ImportCounts = z.object({
  lines: z.int().describe('With something in them, headers aside.'),
  added: z.int(),
  updated: z.int(),
  same: z.int(),
  rejected: z.int(),
});
export type ImportCounts = z.infer<typeof ImportCounts>;

export const ImportPreview = z.object({
  id: z.uuid().describe('Commit by this.'),
  expiresAt: z.iso.datetime(),
  encoding: z.enum(['UTF-8', 'UTF-16', 'Windows-1252']),
  delimiter: z.enum([';', ',', '\t', '|']),
  columns: z.array(ImportColumn),
  counts: ImportCounts,
  landlines: z.int().describe('Lines left out since they name a landline alone.'),
  rows: z.array(ImportRow).describe('The first that would be imported.'),
  rejected: z.array(RejectedLine).describe('Every one.'),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

export const ImportResult = z.object({ counts: ImportCounts, rejected: z.array(RejectedLine) });
export type ImportResult = z.infer<typeof ImportResult>;
