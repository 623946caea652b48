import { Module } from '@nestjs/common';
import { IncidentStays } from './incident-stays.js';
import { IncidentStore } from './incident-store.js';
import { IncidentReader } from './incident-reader.js';
import { IncidentTracker } from './incident-tracker.js';
import { IncidentsController } from './incidents.controller.js';
import { Incidents } from './incidents.service.js';

@Module({
  controllers: [IncidentsController],
  providers: [IncidentReader, IncidentStays, IncidentStore, IncidentTracker, Incidents],
  exports: [IncidentReader, IncidentStays],
})
export class IncidentsModule {}
