/**
 * Where in a parsed request stands what PostgreSQL refuses: NUL in any text, half of a surrogate pair in `jsonb`.
 * A schema bounds the depth of what it let through.
 */
export function unkeepableAt(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  if (typeof value === 'string') return isKeepable(value) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    isKeepable(key) ? unkeepableAt(inner, [...path, key]) : [path],
  );
}

function isKeepable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
