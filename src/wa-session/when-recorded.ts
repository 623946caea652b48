/** Publishes a fact, and settles with whatever its listeners want to be waited for. */
export function whenRecorded(publish: (waitFor: (work: Promise<unknown>) => void) => void): Promise<unknown> {
  const recorded: Promise<unknown>[] = [];
  publish((work) => void recorded.push(work));
  return Promise.all(recorded);
}
