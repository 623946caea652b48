import { Module } from '@nestjs/common';
import { IncidentStore } from './incident-store.js';
import { IncidentReader } from './incident-reader.js';
import { IncidentTracker } from './incident-tracker.js';
import { IncidentsController } from './incidents.controller.js';
import { Incidents } from './incidents.service.js';

@Module({
  controllers: [IncidentsController],
  providers: [IncidentReader, IncidentStore, IncidentTracker, Incidents],
  exports: [IncidentReader],
})
export class IncidentsModule {}
