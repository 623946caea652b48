import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { HourlyRound } from '../../common/hourly-round.js';
import { OutletBin } from './outlet-bin.js';

/** Empties the bin of outlets that were removed 30 days ago. */
@Injectable()
export class OutletBinRetention extends HourlyRound {
  constructor(
    private readonly bin: OutletBin,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, { name: 'empty-bin', logger: 'Bin', complaint: 'Outlets removed long ago were not forgotten' });
  }

  protected round(mayGoOn: () => boolean): Promise<number> {
    return this.bin.forgetOld(mayGoOn);
  }
}
