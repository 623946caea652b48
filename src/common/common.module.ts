import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { SharedAttempts } from './attempts/shared-attempts.js';
import { Bodies } from './bodies/bodies.js';
import { JsonBodies } from './bodies/json-bodies.js';
import { Clock } from './clock.js';
import { ClockWatch } from './clock-watch.js';
import { DomainErrorFilter } from './domain-error.filter.js';
import { KeyEncryptionKey } from './envelope.js';
import { Etags } from './editing/etags.js';
import { EventBus } from './event-bus.js';
import { Limiters } from './limiters.js';
import { SchemaValidationPipe } from './schema-validation.pipe.js';
import { Pacing } from './turns/pacing.js';
import { Turns } from './turns/turns.js';

/** Time, facts, the key that wraps keys, and what every route shares: the error shape and the validation of what comes in. */
@Global()
@Module({
  providers: [
    {
      provide: KeyEncryptionKey,
      inject: [Config],
      useFactory: (config: Config) =>
        new KeyEncryptionKey(config.secrets.credentialsKey, config.secrets.previousCredentialsKey),
    },
    Clock,
    ClockWatch,
    EventBus,
    {
      provide: Limiters,
      inject: [Config, DataSource],
      useFactory: ({ database }: Config, dataSource: DataSource) =>
        new Limiters(new SharedAttempts(dataSource), !database.severalNodes),
    },
    Bodies,
    JsonBodies,
    { provide: APP_INTERCEPTOR, useClass: Pacing },
    { provide: APP_INTERCEPTOR, useExisting: JsonBodies },
    { provide: APP_INTERCEPTOR, useClass: Turns },
    { provide: APP_INTERCEPTOR, useClass: Etags },
    { provide: APP_FILTER, useClass: DomainErrorFilter },
    { provide: APP_PIPE, useClass: SchemaValidationPipe },
  ],
  exports: [Clock, EventBus, Bodies, JsonBodies, KeyEncryptionKey, Limiters],
})
export class CommonModule {}
