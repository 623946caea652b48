import { Module } from '@nestjs/common';
import { ActsModule } from '../acts/acts.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { StatusLogModule } from '../status-log/status-log.module.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { IncidentLinks } from './incident-links.js';
import { LinkLimiter } from './link-limiter.js';
import { LinkUses } from './link-uses.js';
import { LinkVisits } from './link-visits.js';
import { ReconnectLinksController } from './reconnect-links.controller.js';
import { ReconnectLinks } from './reconnect-links.service.js';

/** Connecting one outlet, once, for those who have its phone and no account. */
@Module({
  imports: [ActsModule, AuthModule, OutletsModule, StatusLogModule, WaSessionModule],
  controllers: [ReconnectLinksController],
  providers: [IncidentLinks, LinkLimiter, LinkUses, LinkVisits, ReconnectLinks],
  exports: [IncidentLinks, LinkVisits, ReconnectLinks],
})
export class ReconnectLinksModule {}
