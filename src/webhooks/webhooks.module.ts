import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ReplyWordsModule } from '../blast/replies/reply-words.module.js';
import { Config } from '../config/config.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { Deliveries } from './deliveries.js';
import { DeliveryRetention } from './delivery-retention.js';
import { DeliveryStore } from './delivery-store.js';
import { Egress } from './egress.js';
import { OrphanedWebhooks } from './orphaned-webhooks.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookVault } from './webhook-vault.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Tells other people's services what happened. */
@Module({
  imports: [AuthModule, ReplyWordsModule, WaSessionModule],
  controllers: [WebhooksController],
  providers: [
    { provide: Egress, inject: [Config], useFactory: (config: Config) => new Egress(config.webhooks.egressAllow) },
    Deliveries,
    DeliveryRetention,
    DeliveryStore,
    OrphanedWebhooks,
    WebhookSender,
    WebhookVault,
    WebhooksService,
  ],
  exports: [Deliveries, Egress, WebhookSender, WebhooksService],
})
export class WebhooksModule {}
