import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { BlastModule } from '../blast/blast.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { ReconnectLinksModule } from '../reconnect-links/reconnect-links.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { QuotasController } from './quotas.controller.js';

@Module({
  imports: [
    AlertsModule,
    BlastModule,
    ConsentModule,
    IdempotencyModule,
    OutletsModule,
    ReconnectLinksModule,
    WebhooksModule,
  ],
  controllers: [QuotasController],
})
export class QuotasModule {}
