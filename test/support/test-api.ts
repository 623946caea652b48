import type { AddressInfo } from 'node:net';
import type { ModuleMetadata, Type } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { LoginAnswer } from '@koneksi/contracts/auth';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Role } from '@koneksi/contracts/roles';
import type { User } from '@koneksi/contracts/users';
import cookieParser from 'cookie-parser';
import { createDataSource } from '../../ormconfig.js';
import { ActivityModule } from '../../src/activity/activity.module.js';
import { ActsModule } from '../../src/acts/acts.module.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { AuthService } from '../../src/auth/auth.service.js';
import { UserEntity } from '../../src/auth/user.entity.js';
import { Clock } from '../../src/common/clock.js';
import { CommonModule } from '../../src/common/common.module.js';
import { EventBus, type Facts } from '../../src/common/event-bus.js';
import { serveOpenApi } from '../../src/common/openapi.js';
import { Config } from '../../src/config/config.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { EnvFaults, parseEnv, type RawEnv } from '../../src/config/env.js';
import { ConsentModule } from '../../src/consent/consent.module.js';
import { ContactsModule } from '../../src/contacts/contacts.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { OutletsModule } from '../../src/outlets/outlets.module.js';
import { OutletsService } from '../../src/outlets/outlets.service.js';
import { PersonalDataModule } from '../../src/personal-data/personal-data.module.js';
import { UsersModule } from '../../src/users/users.module.js';
import { UsersService } from '../../src/users/users.service.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

interface Credentials {
  email: string;
  password: string;
}

export const SUPERADMIN = { email: 'super@example.com', password: 'correct horse battery' };
export const PASSWORD = 'correct horse staple';

export class TestClock extends Clock {
  private skipped = 0;

  override now(): number {
    return super.now() + this.skipped;
  }

  override wall(): number {
    return super.wall() + this.skipped;
  }

  /** Time passes. */
  skip(milliseconds: number): void {
    this.skipped += milliseconds;
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON. */
  body: unknown;
  /** The `code` of a refusal. */
  code: string | undefined;
}

export interface Call {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

interface TestApiOptions {
  env?: RawEnv;
  controllers?: Type[];
  /** Modules besides those of accounts and outlets. */
  imports?: NonNullable<ModuleMetadata['imports']>;
  /** The way to the database, where it is not the straight one. */
  reach?: (url: string) => string;
}

/** Accounts and outlets as an application of their own, over HTTP and on a real database. */
export class TestApi {
  readonly facts: { name: keyof Facts; fact: Facts[keyof Facts] }[] = [];
  private people = 0;
  private numbers = 0;

  private constructor(
    readonly app: NestExpressApplication,
    readonly database: TestDatabase,
    readonly clock: TestClock,
  ) {
    for (const name of ['outlet.created', 'outlet.updated', 'outlet.removed', 'access.changed'] as const) {
      app.get(EventBus).on(name, (fact) => this.facts.push({ name, fact }));
    }
  }

  static async start({
    env = {},
    controllers = [],
    imports = [],
    reach = (url) => url,
  }: TestApiOptions = {}): Promise<TestApi> {
    const database = await createTestDatabase();
    const clock = new TestClock();
    const testing = await Test.createTestingModule({
      imports: [
        ConfigModule.for(configFrom(env)),
        DatabaseModule.for(await createDataSource(reach(database.url)).initialize()),
        CommonModule,
        ScheduleModule.forRoot(),
        ActsModule,
        AuthModule,
        UsersModule,
        OutletsModule,
        ConsentModule,
        ContactsModule,
        PersonalDataModule,
        ActivityModule,
        ...imports,
      ],
      controllers,
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const app = testing.createNestApplication<NestExpressApplication>({ logger: ['error'], bodyParser: false });
    app.use(cookieParser());
    app.setGlobalPrefix('api');
    serveOpenApi(app);
    await app.listen(0, '127.0.0.1');
    return new TestApi(app, database, clock);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  async call(method: string, path: string, { token, body, headers }: Call = {}): Promise<Answer> {
    const { port } = this.app.getHttpServer().address() as AddressInfo;
    // Bytes and forms go as they are.
    const isJson = body !== undefined && !(body instanceof Uint8Array || body instanceof FormData);
    const response = await fetch(`http://127.0.0.1:${port}/api${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(isJson && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && {
        body: isJson && typeof body !== 'string' ? JSON.stringify(body) : (body as string | FormData),
      }),
    });
    const text = await response.text();
    const parsed: unknown = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
    const code = (parsed as { error?: { code?: string } } | null)?.error?.code;
    return { status: response.status, headers: response.headers, body: parsed, code };
  }

  /** Signs in over HTTP. */
  async token(credentials?: Credentials): Promise<string> {
    return (await this.signIn(credentials)).accessToken;
  }

  async signIn({ email, password }: Credentials = SUPERADMIN): Promise<LoginAnswer & { cookie: string }> {
    const answer = await this.call('POST', '/auth/login', { body: { email, password } });
    if (answer.status !== 200) throw new Error(`log-in answered ${answer.status} ${answer.code}`);
    return { ...(answer.body as LoginAnswer), cookie: cookieOf(answer)! };
  }

  /** Past the log-in, for tests that mean something else and try it often. */
  async signInAs({ id }: Pick<User, 'id'>): Promise<LoginAnswer & { cookie: string }> {
    const user = await this.database.dataSource.manager.findOneOrFail(UserEntity, {
      where: { id },
      select: { id: true, tokenVersion: true, passwordHash: true },
    });
    const { answer, refreshToken } = await this.app.get(AuthService).signIn(user, null);
    return { ...answer, cookie: `koneksi_refresh=${refreshToken}` };
  }

  async person(role: Role, outletIds: string[] = []): Promise<User & { password: string }> {
    const email = `${role.toLowerCase()}${++this.people}@example.com`;
    const user = await this.app.get(UsersService).create({ email, name: email, password: PASSWORD, role, outletIds });
    return { ...user, password: PASSWORD };
  }

  outlet(): Promise<Outlet> {
    const number = ++this.numbers;
    return this.app.get(OutletsService).create({
      name: `Outlet ${number}`,
      whatsappNumber: `62812000${String(number).padStart(5, '0')}`,
      isActive: true,
      autoReconnect: true,
      city: null,
      tags: [],
    });
  }
}

/** `name=value` of the cookie an answer set; empty where it cleared it. */
export function cookieOf(answer: Answer): string | undefined {
  return answer.headers.getSetCookie()[0]?.split(';')[0];
}

function configFrom(raw: RawEnv): Config {
  const env = parseEnv({
    PORT: '0',
    SUPERADMIN_EMAIL: SUPERADMIN.email,
    SUPERADMIN_PASSWORD: SUPERADMIN.password,
    ...raw,
  });
  if (env instanceof EnvFaults) throw new Error(env.message);
  return new Config(env, {
    database: { url: '', directUrl: '', embedded: false, severalNodes: false },
    secrets: {
      jwtSecret: 'a secret for tests alone, 0123456789',
      credentialsKey: Buffer.alloc(32, 1),
      previousCredentialsKey: null,
    },
  });
}
