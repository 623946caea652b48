import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Says where searches have to do without their index, which the database may lack or refuse. */
@Injectable()
export class SearchIndex implements OnApplicationBootstrap {
  private readonly logger = new Logger('Contacts');

  constructor(private readonly dataSource: DataSource) {}

  async onApplicationBootstrap(): Promise<void> {
    const [found] = await this.dataSource.query<[{ is: boolean }]>(
      `SELECT to_regclass('contacts_name_parts') IS NOT NULL AND to_regclass('contacts_number_parts') IS NOT NULL AS is`,
    );
    if (found.is) return;
    this.logger.warn(
      'Contacts are searched without an index, which takes long where an outlet has many: the extension pg_trgm could not be made',
    );
  }
}
