import { effect, signal, type Signal } from '@angular/core';

/** Follows what is typed once it rests, so that not every letter is a request. */
export function settled(text: Signal<string>, restMs = 250): Signal<string> {
  const resting = signal(text());
  effect((onCleanup) => {
    const typed = text();
    const timer = setTimeout(() => resting.set(typed), typed === '' ? 0 : restMs);
    onCleanup(() => clearTimeout(timer));
  });
  return resting.asReadonly();
}
