import type { ActChange } from '@koneksi/contracts/activity';
import { canonicalJson } from '../common/canonical-json.js';

/** What is never written down, wherever it stands. */
const SECRET = /password|secret|token|message|text|note|credential|assertion|^(code|qr|key|hash)$/i;
const MAX_TEXT = 200;
const MAX_ITEMS = 20;
const MAX_DEPTH = 4;

type Record_ = Readonly<Record<string, unknown>>;

interface Told {
  /** Fields of what is edited, told where they changed. */
  edited: readonly string[];
  /** Fields told as they are after the act. */
  tells: readonly string[];
  /** Fields of the body whose values are not told. */
  hides: readonly string[];
  before: unknown;
  after: unknown;
  body: unknown;
}

/** What an act changed, from what was there before it, what it was asked and what it answered. */
export function changesOf({ edited, tells, hides, before, after, body }: Told): ActChange[] {
  const [was, is, asked] = [fieldsOf(before), fieldsOf(after), fieldsOf(body)];
  const open = [...new Set([...edited, ...tells])].filter((field) => !SECRET.test(field));
  // A secret is in no answer: whoever named it in the body changed it.
  const closed = [...new Set([...hides, ...edited.filter((field) => SECRET.test(field))])];
  return [
    ...open.flatMap((field) => {
      const now = after === null ? undefined : (is[field] ?? asked[field]);
      if (canonicalJson(was[field] ?? null) === canonicalJson(now ?? null)) return [];
      const told = { before: shown(was[field]), after: shown(now) };
      // What differs is left out of both.
      if (canonicalJson(told.before) === canonicalJson(told.after)) return [hidden(field)];
      return [{ field, ...told, hidden: false }];
    }),
    ...closed.filter((field) => asked[field] !== undefined).map(hidden),
  ];
}

const hidden = (field: string): ActChange => ({ field, before: null, after: null, hidden: true });

function fieldsOf(value: unknown): Record_ {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record_) : {};
}

/** As short as a line can be read; secrets inside of it, and what an address may carry, left out. */
function shown(value: unknown, depth = 0): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return cut(hostOf(value));
  if (typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) {
    const first = value.slice(0, MAX_ITEMS).map((item) => shown(item, depth + 1));
    return value.length > MAX_ITEMS ? [...first, `… +${value.length - MAX_ITEMS}`] : first;
  }
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(entries.map(([name, item]) => [name, SECRET.test(name) ? '…' : shown(item, depth + 1)]));
}

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT).toWellFormed()}…` : text);

/** The address of a service may hold a token anywhere but in its host: those of chats have it in their path. */
function hostOf(text: string): string {
  return /^\s*https?:/i.test(text) && URL.canParse(text) ? new URL(text).host : text;
}
