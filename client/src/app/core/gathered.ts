import { DestroyRef, inject } from '@angular/core';
import { AgainLater } from './again-later';
import { Meanwhile } from './meanwhile';

/** Nobody needs to read more often, however much is told. */
const GATHER_MS = 300;
/** A thousand pages are told the same in one moment: they do not all ask in one. */
const SPREAD_MS = 2_000;

/** @returns how long a page waits that is told of news it has to ask for */
export const untilRead = (): number => GATHER_MS + Math.random() * SPREAD_MS;

/**
 * Reads what many pages are told of at once: once for all that was told until then, at a moment of this page's own.
 * @param read rejects where it could not be read; then it is tried again
 * @returns to be called with whatever says that there is something to read
 */
export function gathered(read: () => Promise<void>): () => void {
  const meanwhile = new Meanwhile<never>(() => undefined);
  const later = new AgainLater();
  inject(DestroyRef).onDestroy(() => {
    meanwhile.readNoMore();
    later.stop();
  });
  const again = (): void => meanwhile.readAgain(untilRead(), attempt);
  const attempt = (): Promise<void> =>
    meanwhile.during(read).then(
      () => later.worked(),
      () => later.failed(again),
    );
  return again;
}
