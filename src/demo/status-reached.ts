import type { StatusFacts } from '@koneksi/contracts/status-facts';
import type { EventBus } from '../common/event-bus.js';

/** Resolves with the outlet's first change that fits; rejects after so many milliseconds without one. */
export function statusReached(
  bus: EventBus,
  outletId: string,
  fits: (status: StatusFacts) => boolean,
  withinMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      off();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(() => settle(new Error(`Outlet ${outletId} did not get there in time`)), withinMs);
    const off = bus.on('outlet-status.changed', ({ status }) => {
      if (status.outletId === outletId && fits(status)) settle();
    });
  });
}
