/** What the command line may change. */
export interface Sizes {
  /** Small sizes, for a look in under a minute. */
  quick: boolean;
  outlets?: number[];
  subscribers?: number[];
  /** Parts of a benchmark that has some; all where none is named. */
  only?: string[];
}

/** Rows of the same columns; the first column names the row. */
export interface Table {
  title: string;
  columns: string[];
  rows: (string | number)[][];
}

export interface Target {
  name: string;
  aim: string;
  measured: string;
  met: boolean;
}

export interface Outcome {
  tables: Table[];
  targets: Target[];
  /** Everything measured, for other programs. */
  details: unknown;
}

export interface Benchmark {
  name: string;
  about: string;
  run(sizes: Sizes): Promise<Outcome>;
}
