import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { UptimeBook } from './uptime-book.js';
import { UptimeKeeper } from './uptime-keeper.js';
import { UptimeRetention } from './uptime-retention.js';
import { UptimeSheet } from './uptime-sheet.js';
import { UptimeSums } from './uptime-sums.js';
import { UptimeController } from './uptime.controller.js';
import { UptimeService } from './uptime.service.js';

/** Looks back: how long each outlet worked, for longer than its changes are kept. */
@Module({
  imports: [AlertsModule, IncidentsModule, OutletsModule],
  controllers: [UptimeController],
  providers: [UptimeBook, UptimeKeeper, UptimeRetention, UptimeService, UptimeSheet, UptimeSums],
})
export class UptimeModule {}
