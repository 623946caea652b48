import { Module } from '@nestjs/common';
import { BlastModule } from '../blast/blast.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { QuotasController } from './quotas.controller.js';

@Module({ imports: [BlastModule, ConsentModule, IdempotencyModule, OutletsModule], controllers: [QuotasController] })
export class QuotasModule {}
