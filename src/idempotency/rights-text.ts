/** What a caller may do, as far as an answer may depend on it. */
interface Rights {
  role?: unknown;
  outletIds?: unknown;
  scopes?: unknown;
}

/** The same text for the same rights, in whatever order they were read. */
export function rightsText({ role, outletIds, scopes }: Rights): string {
  return JSON.stringify([role, ordered(outletIds), ordered(scopes)]);
}

const ordered = (ids: unknown): unknown => (Array.isArray(ids) ? ids.map(String).sort() : (ids ?? null));
