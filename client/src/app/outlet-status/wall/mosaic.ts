/** How many cells the name of a city takes. */
export const LABEL_SPAN = 3;
/** A cell is about so much wider than high: room for the beginning of a name. */
const ASPECT = 2.6;

export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The grid in which so many outlets of each city, each city behind its name, fill an area of this size without any
 * left over. @param sizes how many outlets each city has
 */
export function mosaicGrid(sizes: readonly number[], width: number, height: number): Grid {
  const cells = sizes.reduce((sum, size) => sum + size + LABEL_SPAN, 0);
  const columns = Math.max(LABEL_SPAN, Math.round(Math.sqrt((cells * width) / (Math.max(1, height) * ASPECT))));
  return { columns, rows: Math.max(1, rowsFor(sizes, columns)) };
}

/** As a grid of the browser flows: what does not fit at the end of a row begins the next one. */
function rowsFor(sizes: readonly number[], columns: number): number {
  let at = 0;
  for (const size of sizes) {
    const left = columns - (at % columns);
    if (left < LABEL_SPAN) at += left;
    at += LABEL_SPAN + size;
  }
  return Math.ceil(at / columns);
}
