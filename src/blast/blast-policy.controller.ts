import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { BlastPolicy, UpdateBlastPolicy } from '@koneksi/contracts/messages';
import { Leaves } from '../acts/act.js';
import { Access } from '../auth/access.js';
import { Describe } from '../common/api-docs.js';
import { Editable, IfMatch } from '../common/editing/editable.js';
import type { Seen } from '../common/editing/seen.js';
import { BlastPolicies } from './blast-policy.js';

@ApiTags('blasts')
@Controller('blast-policy')
export class BlastPolicyController {
  constructor(private readonly policies: BlastPolicies) {}

  @Get()
  @Editable(UpdateBlastPolicy)
  @Access('all')
  @Describe('How often anybody may be written to, and whether a STOP is confirmed', {
    status: 200,
    schema: BlastPolicy,
  })
  read(): Promise<BlastPolicy> {
    return this.policies.read();
  }

  @Patch()
  @Leaves('blast-policy.changed')
  @Editable(UpdateBlastPolicy)
  @Access('ADMIN')
  @Describe('Change it for all outlets (ADMIN)', { status: 200, schema: BlastPolicy })
  update(@Body({ schema: UpdateBlastPolicy }) policy: UpdateBlastPolicy, @IfMatch() seen: Seen): Promise<BlastPolicy> {
    return this.policies.update(policy, seen);
  }
}
