import { SchedulerRegistry } from '@nestjs/schedule';
import type { Koneksi } from './koneksi.js';

/**
 * Nights come when the test says so: a minute after it started the product would show links as used by itself, where this
 * is run between 1.00 and 7.00 in Jakarta. After each start.
 */
export function ownNights({ app: { app } }: Koneksi): void {
  clearInterval(app.get(SchedulerRegistry, { strict: false }).getInterval<NodeJS.Timeout>('care-for-links'));
}
