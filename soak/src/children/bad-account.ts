// In a process of its own, so that what the account asks of its machine is not counted as the product's slowness.
import { request as ask } from 'node:http';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoginAnswer } from '@koneksi/contracts/auth';
import { io } from 'socket.io-client';
import { serve } from '../../../bench/src/children/serve.ts';

/** Who attacks, and where. */
export interface Account {
  /** Of the product. */
  url: string;
  email: string;
  password: string;
  token: string;
  /** Id of the one outlet it may see. */
  own: string;
}

// Its machine would be another one: it takes what the product leaves of this one.
setPriority(10);

const FILE = Buffer.alloc(9_000_000, 'x');
const FORM = Buffer.from(`--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n${'a'.repeat(2 ** 20)}\r\n`.repeat(8));
/** How long a body may hang; as long as a round. */
const HANGING_MS = 10_000;

/** A USER of one outlet, who means harm. */
class BadAccount {
  private readonly answers = new Map<number | string, number>();

  private readonly account: Account;
  private token: string;

  constructor(account: Account) {
    this.account = account;
    this.token = account.token;
  }

  get told(): Record<string, number> {
    return Object.fromEntries(this.answers);
  }

  /** All at once, until then. */
  async everything(until: number): Promise<void> {
    const contacts = `/outlets/${this.account.own}/contacts`;
    const braces = JSON.stringify({ outletIds: [this.account.own], message: `{{${' '.repeat(4_000)}x` });
    const names = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, nth) => [`f${nth}`, 1])));
    await Promise.all([
      ...this.times(20, until, () => this.call('GET', `${contacts}?search=e`)),
      ...this.times(10, until, () => this.call('GET', `${contacts}/tags`)),
      ...this.times(10, until, () => this.call('GET', '/auth/me')),
      ...this.times(4, until, () => this.call('POST', '/outlets/status/refresh')),
      ...this.times(4, until, () => this.call('POST', '/blasts/preview', braces)),
      ...this.times(4, until, () => this.call('POST', contacts, names)),
      ...this.times(4, until, () => this.logIn()),
      ...this.times(6, until, () => this.parts(`${contacts}/import`)),
      ...this.times(30, until, () => this.stalled(`${contacts}/import`, until)),
      ...this.times(20, until, () => this.resumes(until)),
    ]);
  }

  private times(count: number, until: number, attack: () => Promise<unknown>): Promise<void>[] {
    return Array.from({ length: count }, async () => {
      while (performance.now() < until) {
        await attack().catch((error: Error) => this.count(error.message));
        // The attacker shares the machine, and is not what is measured.
        await pause(20);
      }
    });
  }

  private count(answer: number | string): void {
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
  }

  private async call(method: string, path: string, body?: string): Promise<{ status: number; answer: string }> {
    const response = await fetch(`${this.account.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body }),
    });
    const answer = await response.text();
    this.count(response.status);
    return { status: response.status, answer };
  }

  /** Only so many sign-ins stay good, so that an old token ends: it goes on with the newest. */
  private async logIn(): Promise<void> {
    const { email, password } = this.account;
    const { status, answer } = await this.call('POST', '/auth/login', JSON.stringify({ email, password }));
    if (status === 200) this.token = (JSON.parse(answer) as LoginAnswer).accessToken;
  }

  /** A form of parts of a megabyte that are no file. */
  private parts(path: string): Promise<void> {
    return this.send(path, { 'content-type': 'multipart/form-data; boundary=x' }, FORM, true);
  }

  /** A file of which the last bytes never come. */
  private stalled(path: string, until: number): Promise<void> {
    const headers = { 'content-type': 'text/csv', 'content-length': 9_900_000 };
    const sent = this.send(path, headers, FILE, false);
    return Promise.race([sent, pause(Math.max(0, until - performance.now()))]);
  }

  private send(path: string, headers: Record<string, string | number>, body: Buffer, ends: boolean): Promise<void> {
    return new Promise((resolve) => {
      const sending = ask(`${this.account.url}/api${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.token}`, ...headers },
        agent: false,
      });
      sending.on('response', (response) => {
        this.count(response.statusCode ?? 0);
        response.resume().on('end', () => sending.destroy());
      });
      sending.on('error', () => undefined).on('close', resolve);
      sending.setTimeout(HANGING_MS, () => sending.destroy());
      sending.write(body);
      if (ends) sending.end();
    });
  }

  private async resumes(until: number): Promise<void> {
    const socket = io(this.account.url, {
      auth: { token: this.token },
      transports: ['websocket'],
      forceNew: true,
    });
    while (performance.now() < until) {
      await Promise.race([socket.timeout(5_000).emitWithAck('outlet-status:resume', { cursor: 0 }), pause(200)]).catch(
        () => undefined,
      );
    }
    socket.disconnect();
  }
}

const methods = {
  /** Everything at once, for so long. Answers how often each answer came. */
  async attack(account: Account, milliseconds: number): Promise<Record<string, number>> {
    const bad = new BadAccount(account);
    await bad.everything(performance.now() + milliseconds);
    return bad.told;
  },
};

export type BadAccountMethods = typeof methods;

serve(methods);
