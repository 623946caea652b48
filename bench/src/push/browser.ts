import type { UpdateSeen } from '../children/server-probe.ts';
import type { Summary } from '../statistics.ts';

export interface BrowserResult {
  /** Until the row's content had changed. */
  changed: Summary;
  /** Until the frame after. */
  painted: Summary;
  missing: number;
}

/** A real page showing all outlets; `null` where no browser or no dashboard is there. */
export async function measureBrowser(_url: string, _provoke: () => Promise<UpdateSeen[]>): Promise<BrowserResult | null> {
  return null;
}
