import type { Type } from '@angular/core';

/** What the demo's build adds to the pages, each loaded when it is first shown. */
export interface DemoParts {
  /** One-tap log-ins. */
  accounts(): Promise<Type<unknown>>;
  /** Takes `outletId`: its virtual phone scans the QR on show. */
  scan(): Promise<Type<unknown>>;
  /** The virtual phones and their guided tour. */
  lab(): Promise<Type<unknown>>;
}
