import { Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Incident, IncidentPage, IncidentsQuery } from '@koneksi/contracts/incidents';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { localeOf } from '../common/locale.js';
import { Incidents } from './incidents.service.js';

@ApiTags('status')
@Access('all')
@Controller('incidents')
export class IncidentsController {
  constructor(private readonly incidents: Incidents) {}

  @Get()
  @Describe('What broke, newest first', { status: 200, schema: IncidentPage })
  list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: IncidentsQuery }) query: IncidentsQuery,
    @Headers('accept-language') language?: string,
  ): Promise<IncidentPage> {
    return this.incidents.page(caller, query, localeOf(language));
  }

  @Get(':id')
  @Describe('One incident, with all outlets it struck', { status: 200, schema: Incident })
  one(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('accept-language') language?: string,
  ): Promise<Incident> {
    return this.incidents.require(caller, id, localeOf(language));
  }

  @Post(':id/acknowledge')
  @Leaves('incident.acknowledged')
  @HttpCode(200)
  @Describe('Take care of it from now on; everybody else sees who does', { status: 200, schema: Incident })
  acknowledge(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('accept-language') language?: string,
  ): Promise<Incident> {
    return this.incidents.acknowledge(caller, id, localeOf(language));
  }
}
