import type { LoginAnswer } from '@koneksi/contracts/auth';
import type { OutletStatus, OutletStatusDocument, StatusHistoryAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { CreateOutlet, Outlet } from '@koneksi/contracts/outlets';
import type { Role } from '@koneksi/contracts/roles';
import type { User } from '@koneksi/contracts/users';
import { startSimulator, type Phone, type Simulator, type SimulatorOptions } from '@koneksi/whatsapp-simulator';
import { randomBytes } from 'node:crypto';
import { startApp, type RunningApp } from '../../src/app.js';
import type { RawEnv } from '../../src/config/env.js';
import { DemoModule } from '../../src/demo/demo.module.js';
import { Dashboard } from './dashboard.js';
import { freePort } from './free-port.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export const SUPERADMIN = { email: 'super@example.com', password: 'correct horse battery' };
export const PASSWORD = 'correct horse staple';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
  /** The `code` of a refusal. */
  code: string | undefined;
}

/** A user who signed in. */
export interface Person {
  user: User;
  token: string;
}

export interface LinkedOutlet {
  outlet: Outlet;
  phone: Phone;
}

/** The columns of `wa_session` that tests look at. */
export interface SessionRow {
  status: string;
  reason_code: string | null;
  session_name: string | null;
  retry_count: number;
  next_retry_at: Date | null;
  qr_shown: boolean;
  revision: string;
  leaving: string | null;
}

export interface CredentialRow {
  id: string;
  linked_number: string | null;
  quarantined_at: Date | null;
}

interface StartOptions {
  env?: RawEnv;
  simulator?: SimulatorOptions;
  /** With the demo's routes, whose virtual phones scan from the browser; `lived` with a week behind its outlets. */
  demo?: boolean | 'lived';
}

/** The whole product with the simulated WhatsApp, in this process, on a database of its own. */
export class Koneksi {
  /** Everything the product logged since the first start. */
  readonly logged: string[] = [];
  private numbers = 0;
  private people = 0;
  private readonly dashboards: Dashboard[] = [];

  private constructor(
    readonly simulator: Simulator,
    readonly database: TestDatabase,
    readonly env: RawEnv,
    private readonly demo: boolean | 'lived',
  ) {}

  private running: RunningApp | null = null;
  /** The SUPERADMIN's. */
  token = '';

  static async start({ env, simulator, demo = false }: StartOptions = {}): Promise<Koneksi> {
    const [service, database] = await Promise.all([
      startSimulator({ control: false, port: await freePort(), ...simulator }),
      createTestDatabase(),
    ]);
    const koneksi = new Koneksi(
      service,
      database,
      {
        PORT: '0',
        DATABASE_URL: database.url,
        JWT_SECRET: randomBytes(32).toString('hex'),
        CREDENTIALS_KEY: randomBytes(32).toString('base64'),
        SUPERADMIN_EMAIL: SUPERADMIN.email,
        SUPERADMIN_PASSWORD: SUPERADMIN.password,
        WA_WEB_SOCKET_URL: service.url,
        WA_ROOT_KEY: service.rootKey,
        WA_CONNECTS_PER_SECOND: '1000',
        WA_CONNECT_BURST: '1000',
        // Tests that mean the reconciler, or how carefully an outlet sends, set their own. A pace of 0 holds nothing, whatever
        // the hour of the day is.
        RECONCILE_INTERVAL_MS: '60000',
        BLAST_PACE_MS: '0-0',
        LOG_LEVEL: 'info',
        LOG_FORMAT: 'json',
        ...env,
      },
      demo,
    );
    await koneksi.resume();
    return koneksi;
  }

  get app(): RunningApp {
    if (!this.running) throw new Error('The product is stopped');
    return this.running;
  }

  /** Ends the product alone: database and WhatsApp stay. */
  async pause(): Promise<void> {
    for (const dashboard of this.dashboards.splice(0)) dashboard.close();
    await this.running?.stop();
    this.running = null;
  }

  /** Starts the product again on the same database. */
  async resume(env: RawEnv = {}): Promise<void> {
    this.running = await startApp({
      env: { ...this.env, ...env },
      ...(this.demo && {
        extraModules: [DemoModule.for(this.simulator, { lived: this.demo === 'lived' })],
        pages: 'demo',
      }),
      logTo: { write: (line: string) => void this.logged.push(line) },
    });
    this.token = await this.signIn(SUPERADMIN.email, SUPERADMIN.password);
  }

  async stop(): Promise<void> {
    await this.pause();
    await this.simulator.stop();
    await this.database.drop();
  }

  async call<T>(
    method: string,
    path: string,
    { token = this.token, body }: { token?: string | null; body?: unknown } = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.app.url}/api${path}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const parsed = (text === '' ? undefined : isJson ? JSON.parse(text) : text) as T;
    const code = (parsed as { error?: { code?: string } } | undefined)?.error?.code;
    return { status: response.status, headers: response.headers, body: parsed, code };
  }

  async signIn(email: string, password: string): Promise<string> {
    const answer = await this.call<LoginAnswer>('POST', '/auth/login', { token: null, body: { email, password } });
    return expectOk(answer).accessToken;
  }

  async person(role: Role, outletIds: string[] = []): Promise<Person> {
    const email = `${role.toLowerCase()}${++this.people}@example.com`;
    const body = { email, name: `${role} ${this.people}`, password: PASSWORD, role, outletIds };
    const user = expectOk(await this.call<User>('POST', '/users', { body }));
    return { user, token: await this.signIn(email, PASSWORD) };
  }

  /** A page that is open; it closes with the product. */
  async dashboard(token: string = this.token): Promise<Dashboard> {
    const dashboard = await Dashboard.open(this.app.url, token);
    this.dashboards.push(dashboard);
    return dashboard;
  }

  async outlet(settings: Partial<CreateOutlet> = {}): Promise<Outlet> {
    const number = ++this.numbers;
    const body = {
      name: `Outlet ${number}`,
      whatsappNumber: `62812000${String(number).padStart(5, '0')}`,
      ...settings,
    };
    return expectOk(await this.call<Outlet>('POST', '/outlets', { body }));
  }

  phoneOf(outlet: Outlet): Phone {
    return this.simulator.phone(outlet.whatsappNumber, { name: outlet.name, platform: 'android' });
  }

  /** Makes an outlet whose phone has scanned its QR, and waits until the page says so. */
  async linked(dashboard: Dashboard, settings: Partial<CreateOutlet> = {}): Promise<LinkedOutlet> {
    const outlet = await this.outlet(settings);
    const phone = this.phoneOf(outlet);
    await this.connect(outlet.id);
    await phone.scan(await dashboard.qr(outlet.id));
    await dashboard.becomes(outlet.id, 'CONNECTED');
    // Asked right after the login; what a test counts begins behind it.
    await dashboard.next(outlet.id, 'told what it may', ({ status }) => status.limits !== null);
    return { outlet, phone };
  }

  async connect(outletId: string): Promise<void> {
    expectOk(await this.call('POST', `/outlets/${outletId}/connect`));
  }

  async status(outletId: string): Promise<OutletStatus> {
    return expectOk(await this.call<OutletStatus>('GET', `/outlets/${outletId}/status`));
  }

  async statuses(): Promise<OutletStatusDocument> {
    return expectOk(await this.call<OutletStatusDocument>('GET', '/outlets/status'));
  }

  async history(outletId: string): Promise<StatusHistoryAnswer['entries']> {
    return expectOk(await this.call<StatusHistoryAnswer>('GET', `/outlets/${outletId}/history?limit=1000`)).entries;
  }

  async sessionRow(outletId: string): Promise<SessionRow | undefined> {
    const [row] = await this.database.dataSource.query<SessionRow[]>('SELECT * FROM wa_session WHERE outlet_id = $1', [
      outletId,
    ]);
    return row;
  }

  /** Oldest first. */
  credentials(outletId: string): Promise<CredentialRow[]> {
    return this.database.dataSource.query<CredentialRow[]>(
      'SELECT id, linked_number, quarantined_at FROM wa_credential WHERE outlet_id = $1 ORDER BY created_at',
      [outletId],
    );
  }

  /** Sockets of this outlet's account that are open at WhatsApp right now. */
  liveConnections(outlet: Outlet): number[] {
    return this.simulator
      .connections()
      .filter(({ number }) => number === outlet.whatsappNumber)
      .map(({ id }) => id);
  }
}

/** The body, where the answer is a success. */
export function expectOk<T>({ status, body, code }: Answer<T>): T {
  if (status >= 300) throw new Error(`the product answered ${status} ${code ?? ''}`);
  return body;
}
