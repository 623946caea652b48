import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { BlastSettings, UpdateBlastSettings } from '@koneksi/contracts/blast-settings';
import { Leaves } from '../../acts/act.js';
import { Access, CurrentCaller } from '../../auth/access.js';
import type { Caller } from '../../auth/caller.js';
import { Describe } from '../../common/api-docs.js';
import { Editable, IfMatch } from '../../common/editing/editable.js';
import type { Seen } from '../../common/editing/seen.js';
import { OutletsService } from '../../outlets/outlets.service.js';
import { BlastRunner } from '../sending/blast-runner.js';
import { Limits } from './limits.js';

@ApiTags('blasts')
@Controller('outlets/:id/blast-settings')
export class LimitsController {
  constructor(
    private readonly outlets: OutletsService,
    private readonly limits: Limits,
    private readonly runner: BlastRunner,
  ) {}

  @Get()
  @Editable(UpdateBlastSettings)
  @Access('all')
  @Describe('How carefully an outlet sends, and what it sent today', { status: 200, schema: BlastSettings })
  async read(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<BlastSettings> {
    const outlet = await this.outlets.require(caller, id);
    return this.limits.settings(outlet.id);
  }

  @Patch()
  @Leaves('outlet.blast-settings-changed')
  @Editable(UpdateBlastSettings)
  @Access('all')
  @Describe('Change how carefully an outlet sends (ADMIN)', { status: 200, schema: BlastSettings })
  async update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: UpdateBlastSettings }) changes: UpdateBlastSettings,
    @IfMatch() seen: Seen,
  ): Promise<BlastSettings> {
    const outlet = await this.outlets.requireAsAdmin(caller, id);
    await this.limits.update(outlet.id, changes, seen);
    this.runner.wake([outlet.id]);
    return this.limits.settings(outlet.id);
  }
}
