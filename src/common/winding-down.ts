/** Docker and systemd kill after 10 s, and sessions are still to be ended by then. Milliseconds. */
const PATIENCE_MS = 3_000;
/** For writing down that it was cut off. */
const LAST_WORD_MS = 500;

/** Waits a little for what is under way at the end of the process, then cuts it off and hears what came of that. */
export async function windDown(underWay: () => Promise<unknown>, cutOff: () => void = () => undefined): Promise<void> {
  await within(PATIENCE_MS, underWay());
  cutOff();
  await within(LAST_WORD_MS, underWay());
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
