import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { HourlyRound } from '../../common/hourly-round.js';
import { ContactBin } from './contact-bin.js';

/** Empties the bin of contacts that were removed 30 days ago. */
@Injectable()
export class ContactBinRetention extends HourlyRound {
  constructor(
    private readonly bin: ContactBin,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, {
      name: 'empty-bin-of-contacts',
      logger: 'Bin',
      complaint: 'Contacts removed long ago were not forgotten',
    });
  }

  protected round(mayGoOn: () => boolean): Promise<number> {
    return this.bin.forgetOld(mayGoOn);
  }
}
