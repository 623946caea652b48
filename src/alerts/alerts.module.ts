import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BlastModule } from '../blast/blast.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { MailModule } from '../mail/mail.module.js';
import { ReconnectLinksModule } from '../reconnect-links/reconnect-links.module.js';
import { PlannedTime } from '../status-log/planned-time.js';
import { StatusLogModule } from '../status-log/status-log.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { AlertFactsReader } from './alert-facts.js';
import { AlertLinks } from './alert-links.js';
import { AlertLog } from './alert-log.js';
import { AlertOutbox } from './alert-outbox.js';
import { AlertRetention } from './alert-retention.js';
import { AlertRules } from './alert-rules.service.js';
import { AlertSender } from './alert-sender.js';
import { AlertTests } from './alert-tests.js';
import { AlertWatch } from './alert-watch.js';
import { AlertsController } from './alerts.controller.js';
import { OrphanedRules } from './orphaned-rules.js';
import { PlannedWork } from './planned-work.js';
import { PushController } from './push/push.controller.js';
import { PushKeys } from './push/push-keys.js';
import { PushRoad } from './push/push-road.js';
import { PushSubscriptions } from './push/push-subscriptions.service.js';
import { PushVault } from './push/push-vault.js';
import { Roads } from './roads.js';

/** Tells people what broke, wherever they are. */
@Module({
  imports: [
    AuthModule,
    BlastModule,
    IncidentsModule,
    MailModule,
    OutletsModule,
    ReconnectLinksModule,
    StatusLogModule,
    WebhooksModule,
  ],
  controllers: [AlertsController, PushController],
  providers: [
    AlertFactsReader,
    AlertLinks,
    AlertLog,
    AlertOutbox,
    AlertRetention,
    AlertRules,
    AlertSender,
    AlertTests,
    AlertWatch,
    OrphanedRules,
    PlannedWork,
    PushKeys,
    PushRoad,
    PushSubscriptions,
    PushVault,
    Roads,
  ],
  exports: [AlertRules, PlannedWork],
})
export class AlertsModule {
  constructor(planned: PlannedWork, time: PlannedTime) {
    time.keptBy(() => planned.read());
  }
}
