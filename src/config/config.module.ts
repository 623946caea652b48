import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AllowedOrigins } from './allowed-origins.js';
import { Config } from './config.js';

@Global()
@Module({})
export class ConfigModule {
  static for(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Config, useValue: config },
        { provide: AllowedOrigins, useValue: new AllowedOrigins(config.http) },
      ],
      exports: [Config, AllowedOrigins],
    };
  }
}
