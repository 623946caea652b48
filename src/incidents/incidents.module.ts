import { Module } from '@nestjs/common';
import { IncidentStore } from './incident-store.js';
import { IncidentTracker } from './incident-tracker.js';
import { IncidentsController } from './incidents.controller.js';
import { Incidents } from './incidents.service.js';

@Module({
  controllers: [IncidentsController],
  providers: [IncidentStore, IncidentTracker, Incidents],
})
export class IncidentsModule {}
