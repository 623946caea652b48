// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the parent's type of the same object checks the calls
export type Methods = Record<string, (...args: any[]) => unknown>;

interface Call {
  id: number;
  method: string;
  args: unknown[];
}

/** Answers the parent's calls until it goes away; then this process has nobody to work for. */
export function serve(methods: Methods, orphaned: () => void = () => process.exit(0)): void {
  process.on('message', (call: Call) => void answer(methods, call));
  process.once('disconnect', orphaned);
}

async function answer(methods: Methods, { id, method, args }: Call): Promise<void> {
  try {
    process.send?.({ id, value: await methods[method]?.(...args) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
