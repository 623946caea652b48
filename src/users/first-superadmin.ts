import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import { randomToken } from '../auth/secret-tokens.js';
import { Config } from '../config/config.js';
import { UsersService } from './users.service.js';

const DEFAULT_EMAIL = 'superadmin@koneksi.local';

/** Keeps two processes that start together on an empty database from both making one. */
const LOCK = 1_763_712_000;

/** Where there are no users yet, makes the one who can make the others. */
@Injectable()
export class FirstSuperadmin implements OnApplicationBootstrap {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersService,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { email, password } = this.config.superadmin ?? { email: DEFAULT_EMAIL, password: null };
    const chosen = password ?? randomToken().slice(0, 20);
    const isMade = await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      if (await manager.exists(UserEntity)) return false;
      await this.users.insert(manager, {
        email,
        name: 'Superadmin',
        password: chosen,
        role: 'SUPERADMIN',
        outletIds: [],
        // Printed, it may be read over a shoulder or in a scroll-back.
        mustChangePassword: password === null,
      });
      return true;
    });
    if (isMade && password === null) showOnce(email, chosen);
  }
}

/** On the console and nowhere else: a log is kept and read by others. */
function showOnce(email: string, password: string): void {
  process.stdout.write(
    `\n  The first user was made. Keep this: it is shown only once.\n    email     ${email}\n    password  ${password}\n\n`,
  );
}
