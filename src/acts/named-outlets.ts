import { isUuid } from '../common/uuid.js';

/** More than a list shows; what is made keeps its outlets itself, and its line takes them from there. */
const MOST = 200;

/** The outlets that a request names, each once. What is no id names nothing, and is refused in a moment. */
export function namedOutlets(...asked: unknown[]): string[] {
  const ids = asked.flat().filter((id) => typeof id === 'string' && isUuid(id)) as string[];
  return [...new Set(ids.map((id) => id.toLowerCase()))].slice(0, MOST);
}
