import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Reservation, UNDISPUTED } from './reservation.js';
import { SystemDataSource } from './system-data-source.js';

/**
 * Hands out the open `DataSource`, closed when Nest stops, and the `SystemDataSource`, closed by who opened it. Where
 * there is but one, it serves as both.
 */
@Global()
@Module({})
export class DatabaseModule {
  static for(
    dataSource: DataSource,
    systemDataSource: DataSource = dataSource,
    reservation: Reservation = UNDISPUTED,
  ): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSource.options, retryAttempts: 0 }),
          dataSourceFactory: () => Promise.resolve(dataSource),
        }),
      ],
      providers: [
        { provide: SystemDataSource, useValue: systemDataSource },
        { provide: Reservation, useValue: reservation },
      ],
      exports: [SystemDataSource, Reservation],
    };
  }
}
