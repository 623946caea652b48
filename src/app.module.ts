import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { LoggerModule } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import type { DataSource } from 'typeorm';
import { ActivityModule } from './activity/activity.module.js';
import { ActsModule } from './acts/acts.module.js';
import { AlertsModule } from './alerts/alerts.module.js';
import { AppInfoModule } from './app-info/app-info.module.js';
import { AuthModule } from './auth/auth.module.js';
import { BlastModule } from './blast/blast.module.js';
import { CommonModule } from './common/common.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Config } from './config/config.js';
import { ConsentModule } from './consent/consent.module.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { DatabaseModule } from './database/database.module.js';
import type { Reservation } from './database/reservation.js';
import { HealthModule } from './health/health.module.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { IncidentsModule } from './incidents/incidents.module.js';
import { loggingFor } from './logging.js';
import { KeyRotationModule } from './key-rotation/key-rotation.module.js';
import { PersonalDataModule } from './personal-data/personal-data.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OutletStatusModule } from './outlet-status/outlet-status.module.js';
import { OutletsModule } from './outlets/outlets.module.js';
import { QuotasModule } from './quotas/quotas.module.js';
import { ReconnectLinksModule } from './reconnect-links/reconnect-links.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { UptimeModule } from './uptime/uptime.module.js';
import { UsersModule } from './users/users.module.js';
import { WaSessionModule } from './wa-session/wa-session.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

export type ExtraModules = NonNullable<ModuleMetadata['imports']>;

interface AppExtras {
  /** Connections of its own for what keeps the outlets going. */
  systemDataSource?: DataSource;
  /** What keeps the database to this process. */
  reservation?: Reservation;
  extraModules?: ExtraModules;
  logTo?: DestinationStream;
}

@Module({})
export class AppModule {
  static for(
    config: Config,
    dataSource: DataSource,
    { systemDataSource, reservation, extraModules = [], logTo }: AppExtras = {},
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.for(config),
        LoggerModule.forRoot(loggingFor(config, logTo)),
        DatabaseModule.for(dataSource, systemDataSource, reservation),
        CommonModule,
        IdempotencyModule,
        ActsModule,
        ScheduleModule.forRoot(),
        HealthModule,
        AppInfoModule,
        AuthModule,
        UsersModule,
        // Before the outlets, whose `:id` would otherwise take `/outlets/status`.
        OutletStatusModule,
        IncidentsModule,
        WaSessionModule,
        OutletsModule,
        ConsentModule,
        ContactsModule,
        BlastModule,
        ReconnectLinksModule,
        WebhooksModule,
        AlertsModule,
        UptimeModule,
        RealtimeModule,
        MetricsModule,
        KeyRotationModule,
        PersonalDataModule,
        QuotasModule,
        ActivityModule,
        ...extraModules,
      ],
    };
  }
}
