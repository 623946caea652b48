import { Injectable } from '@nestjs/common';
import type { Interval } from '@koneksi/contracts/uptime-mark';

/** The planned work of an outlet, by its id and city. */
export type PlannedFor = (outletId: string, city: string | null) => readonly Interval[];

/** What people planned is kept by a room above, which says here how it is asked for. */
@Injectable()
export class PlannedTime {
  private source: () => Promise<PlannedFor> = () => Promise.resolve(() => []);

  keptBy(source: () => Promise<PlannedFor>): void {
    this.source = source;
  }

  read(): Promise<PlannedFor> {
    return this.source();
  }
}
