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
  /** Of a file for several outlets: no outlet, or more than one, is called so. */
  'OUTLET_UNKNOWN',
  'OUTLET_AMBIGUOUS',
] as const;
export type ImportReason = (typeof IMPORT_REASONS)[number];

/** What is left out of a line whose customer is imported all the same. */
export const IMPORT_DROPS = [
  'NAME_TOO_LONG',
  'FIELD_TOO_LONG',
  'TAG_TOO_LONG',
  'TOO_MANY_TAGS',
  /** Further numbers of one person; they are written to at the first. */
  'OTHER_NUMBERS',
  /** `caf\ufffd`: a byte that is no character; the rest of the value is kept. */
  'BROKEN_CHARACTER',
  /** An answer about wishes that is neither yes nor no: taken as a wish to hear no more. */
  'CONSENT_UNCLEAR',
  /** A birthday in which no day is certain: kept as it is written, but nobody is congratulated by it. */
  'BIRTHDAY_UNCLEAR',
  /** A row of a spreadsheet that is hidden, as a filter leaves it: whoever is in it was filtered out. */
  'ROW_HIDDEN',
  /** A row with a number in another sheet of the workbook; counted there. */
  'OTHER_SHEET',
] as const;
export type ImportDrop = (typeof IMPORT_DROPS)[number];

export const IMPORT_DELIMITERS = [';', ',', '\t', '|'] as const;
export type ImportDelimiter = (typeof IMPORT_DELIMITERS)[number];
/** `UTF-16` is little-endian, as Excel writes it. */
export const IMPORT_ENCODINGS = ['UTF-8', 'UTF-16', 'UTF-16BE', 'Windows-1252'] as const;
export type ImportEncoding = (typeof IMPORT_ENCODINGS)[number];
/** What files turn out to be, whatever they are called. */
export const IMPORT_KINDS = ['CSV', 'XLSX', 'HTML', 'VCARD'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

const Delimiter = z.preprocess((typed) => (typed === 'tab' ? '\t' : typed), z.enum(IMPORT_DELIMITERS));
const HeaderLine = z.coerce.number().int().min(0).max(10_000);

/** How a file is to be read where our guess is wrong. */
export const ImportReading = z.strictObject({
  delimiter: Delimiter.optional().describe('`tab` may stand for the tabulator.'),
  encoding: z.enum(IMPORT_ENCODINGS).optional(),
  headerLine: HeaderLine.optional().describe(
    'The line that names the columns, as an editor counts; 0 where none does.',
  ),
});
export type ImportReading = z.infer<typeof ImportReading>;

/** The query of an import without a look beforehand. */
export const ImportAtOnceQuery = z.strictObject({
  ...ImportReading.shape,
  phone: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .optional()
    .describe('Which column holds the numbers: its header, or its place counted from 1. Needed where two may.'),
});
export type ImportAtOnceQuery = z.infer<typeof ImportAtOnceQuery>;

/** What a column of the file is taken for. */
export const ColumnUse = z.discriminatedUnion('use', [
  z.strictObject({ use: z.literal('phone') }),
  /** Further numbers of the same person, for lines where the first column has none. */
  z.strictObject({ use: z.literal('phone-else') }),
  /** Where a number without its country code belongs: `65`, `SG` or `Singapore`. */
  z.strictObject({ use: z.literal('country') }),
  /** Several are put together: first and last name. */
  z.strictObject({ use: z.literal('name') }),
  /** The name where there is no other: a company. */
  z.strictObject({ use: z.literal('name-else') }),
  /**
   * Whether they want no messages, and by which answer: `Unsubscribed` by yes, `AllowBroadcast` by no, `Status` by words
   * that say so (`blocklisted`); with `words` any other answer says nothing.
   */
  z.strictObject({ use: z.literal('opted-out'), when: z.enum(['yes', 'no', 'words']) }),
  z.strictObject({ use: z.literal('tags') }),
  z.strictObject({ use: z.literal('field'), field: FieldName }),
  z.strictObject({ use: z.literal('ignore') }),
]);
export type ColumnUse = z.infer<typeof ColumnUse>;

/** The body that changes what an uploaded file's columns are taken for. */
export const ChooseColumns = z.strictObject({
  columns: z.array(ColumnUse).min(1).max(MAX_IMPORT_COLUMNS).optional().describe('Without them they are guessed anew.'),
  reading: ImportReading.optional().describe('Without it the file is read as before.'),
});
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
  optedOut: z.boolean().describe('The file says that they want no messages: no outlet will send them any.'),
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

export const DroppedValues = z.object({
  reason: z.enum(IMPORT_DROPS),
  count: z.int(),
  lines: z.array(z.int()).describe('The first twenty.'),
  message: z.string().describe('For people: Indonesian, or English with `Accept-Language: en`.'),
});
export type DroppedValues = z.infer<typeof DroppedValues>;

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
  kind: z.enum(IMPORT_KINDS),
  encoding: z.enum(IMPORT_ENCODINGS),
  delimiter: z
    .enum(IMPORT_DELIMITERS)
    .nullable()
    .describe('`null` for what is divided by other means: XLSX, HTML, vCard.'),
  headerLine: z.int().nullable().describe('As an editor counts; `null` where no line names the columns.'),
  linesAbove: z
    .int()
    .describe('Lines with something in them above the table: titles, and what they say of the report.'),
  phoneColumn: z.object({
    sure: z.boolean().describe('Otherwise nothing is imported until a person says where the numbers are.'),
    candidates: z.array(z.int()).describe('Columns that may hold the numbers, likeliest first, counted from 0.'),
  }),
  columns: z.array(ImportColumn),
  counts: ImportCounts,
  landlines: z.int().describe('Lines left out since they name a landline alone.'),
  rows: z.array(ImportRow).describe('The first that would be imported.'),
  optOuts: z.int().describe('How many of the file want no messages, by a column of it.'),
  dropped: z.array(DroppedValues),
  rejected: z.array(RejectedLine).describe('Every one.'),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

export const ImportResult = z.object({
  counts: ImportCounts,
  optOuts: z.int().describe('How many were kept as wanting no messages that were not before.'),
  dropped: z.array(DroppedValues),
  rejected: z.array(RejectedLine),
});
export type ImportResult = z.infer<typeof ImportResult>;

/** The query of a file for several outlets. */
export const ChainImportQuery = z.strictObject({
  ...ImportAtOnceQuery.shape,
  outlet: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .optional()
    .describe('Which column names the outlet, by its name, number or id: its header, or its place counted from 1.'),
  look: z.enum(['true', 'false']).optional().describe('Tell what would become of each line, and change nothing.'),
});
export type ChainImportQuery = z.infer<typeof ChainImportQuery>;

/** What became of a file for several outlets, or would. */
export const ChainImportResult = z.object({
  kind: z.enum(IMPORT_KINDS),
  encoding: z.enum(IMPORT_ENCODINGS),
  delimiter: z.enum(IMPORT_DELIMITERS).nullable(),
  headerLine: z.int().nullable(),
  linesAbove: z.int(),
  phoneColumn: ImportPreview.shape.phoneColumn,
  outletColumn: z.int().nullable().describe('Counted from 0; `null` where none seems to name outlets.'),
  columns: z.array(ImportColumn),
  counts: ImportCounts,
  outlets: z
    .array(z.object({ outletId: z.uuid(), name: z.string(), added: z.int(), updated: z.int(), same: z.int() }))
    .describe('Of whom some line names them, by name.'),
  optOuts: z.int().describe('How many of the file want no messages; once imported, how many did not say so before.'),
  dropped: z.array(DroppedValues),
  rejected: z.array(RejectedLine).describe('Every one.'),
});
export type ChainImportResult = z.infer<typeof ChainImportResult>;

/** The query of a file of opt-outs. */
export const OptOutFileQuery = z.strictObject({
  ...ImportAtOnceQuery.shape,
  look: z.enum(['true', 'false']).optional().describe('Count what would be, and keep nothing.'),
});
export type OptOutFileQuery = z.infer<typeof OptOutFileQuery>;

export const OptOutFileResult = z.object({
  lines: z.int(),
  added: z.int().describe('Numbers that were not opted out before.'),
  already: z.int(),
  phoneColumn: z.string().nullable().describe('The header of the column the numbers are from.'),
  byColumn: z
    .string()
    .nullable()
    .describe('The column that says who wants no messages; `null`: everyone whom the file shows.'),
  dropped: z.array(DroppedValues),
  rejected: z.array(RejectedLine),
});
export type OptOutFileResult = z.infer<typeof OptOutFileResult>;
