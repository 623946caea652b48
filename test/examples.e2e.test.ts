import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { CreatedWebhook, DeliveryPage } from '@koneksi/contracts/webhooks';
import { execFile, spawnSync } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Blasts } from './support/blasts.js';
import { ClientPackage } from './support/client-package.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { Program } from './support/program.js';

const ROOT = join(import.meta.dirname, '..');
const EXAMPLES = join(ROOT, 'examples');

let koneksi: Koneksi;
let shop: LinkedOutlet;
let env: { KONEKSI_URL: string; KONEKSI_KEY: string };
const running: Program[] = [];

beforeAll(async () => {
  koneksi = await Koneksi.start({
    env: { EGRESS_ALLOW: '127.0.0.1/32', WEBHOOK_RETRY_MS: '50' },
  });
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Toko Merdeka' });
  const body = { name: 'examples', role: 'ADMIN' };
  const { key } = expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body }));
  env = { KONEKSI_URL: koneksi.app.url, KONEKSI_KEY: key };
});
afterAll(() => koneksi.stop());
afterEach(async () => {
  for (const program of running.splice(0)) await end(program);
});

function run(command: string, args: string[], settings: NodeJS.ProcessEnv = {}): Program {
  const program = Program.run(command, args, { ...env, ...settings });
  running.push(program);
  return program;
}

async function end(program: Program): Promise<void> {
  program.child.kill();
  await program.exit;
}

async function rename(name: string): Promise<void> {
  expectOk(await koneksi.call('PATCH', `/outlets/${shop.outlet.id}`, { body: { name } }));
}

/** What this machine has not is said, and nothing else of it is tried. */
function whereThereIs(...commands: string[]): typeof describe | typeof describe.skip {
  const missing = commands.filter((command) => spawnSync(command, ['--version']).status !== 0);
  if (missing.length > 0) process.stderr.write(`Examples are not tried here that need ${missing.join(', ')}\n`);
  return missing.length > 0 ? describe.skip : describe;
}

whereThereIs('bash', 'curl')('with curl', () => {
  test('subscribe.sh prints what happens, and goes on after its session ended', async () => {
    const program = run('bash', [join(EXAMPLES, 'subscribe.sh')]);
    await program.says(/^\["outlet-status:snapshot",\{/m);
    await rename('Toko Merdeka 2');
    await program.says(/^\["outlet-status:changed",\{.*"name":"Toko Merdeka 2".*\]$/m);
    await koneksi.pause();
    await koneksi.resume({ PORT: new URL(env.KONEKSI_URL).port });
    await eventually('it hears of what happens now', async () => {
      await rename(`Toko ${Date.now()}`);
      return /^\["outlet-status:changed",\{.*"name":"Toko \d{13}".*\]$/m.test(program.output);
    });
    expect(program.output).not.toContain(env.KONEKSI_KEY);
  });

  test('subscribe.sh says when its key is no good', async () => {
    const program = run('bash', [join(EXAMPLES, 'subscribe.sh')], { KONEKSI_KEY: 'kon_nobody' });
    await program.says(/^refused: .*UNAUTHENTICATED/m);
  });

  test('send.sh sends once, however often it is run, and prints the receipt', async () => {
    const customer = koneksi.simulator.phone('628130001000').number;
    const body = JSON.stringify({ outletId: shop.outlet.id, phone: customer, text: 'Pesanan "1042" siap, Rp10.000' });
    const arguments_ = [join(EXAMPLES, 'send.sh'), 'order-1042', body];
    for (let times = 0; times < 2; times++) {
      const program = run('bash', arguments_);
      expect([await program.exit, JSON.parse(program.output)]).toEqual([
        0,
        expect.objectContaining({ outletId: shop.outlet.id, status: expect.stringMatching(/delivered|read/) }),
      ]);
    }
    expect(new Blasts(koneksi).textsOf(customer)).toEqual(['Pesanan "1042" siap, Rp10.000']);
    const refused = run('bash', [join(EXAMPLES, 'send.sh'), 'order-1042', body.replace('siap', 'batal')]);
    expect(await refused.exit).toBe(1);
    expect(refused.output).toContain('IDEMPOTENCY_CONFLICT');
  });

  test('each command of the guide does what it says', async () => {
    const guide = await readFile(join(ROOT, 'docs/integrate.md'), 'utf8');
    const commands = [...guide.matchAll(/```sh\n(curl .*?)```/gs)].map(([, text]) => text!);
    const answers = [];
    for (const command of commands) {
      const text = command.replaceAll('http://localhost:3000', koneksi.app.url);
      const settings = { env: { ...process.env, TOKEN: koneksi.token, KEY: env.KONEKSI_KEY } };
      answers.push(JSON.parse((await promisify(execFile)('bash', ['-c', text], settings)).stdout) as object);
    }
    expect(answers).toEqual([
      expect.objectContaining({ key: expect.stringMatching(/^kon_/) }),
      expect.objectContaining({ success: true, statuses: [] }),
      expect.objectContaining({ secret: expect.stringMatching(/^whsec_/), url: 'https://example.com/koneksi' }),
    ]);
    await koneksi.call('DELETE', `/webhooks/${(answers[2] as CreatedWebhook).id}`);
  });
});

whereThereIs('python3')('in Python', () => {
  test('receiver.py prints what is told, once, and nothing that somebody else says', async () => {
    const program = run('python3', [join(EXAMPLES, 'receiver.py')], {
      PORT: '0',
      KONEKSI_SECRET: `whsec_${Buffer.from('of another webhook').toString('base64')}`,
    });
    await program.says(/^listening on \d+$/m);
    const place = `http://127.0.0.1:${/listening on (\d+)/.exec(program.output)![1]}`;
    const body = { url: place, events: ['outlet.status.changed'] };
    const webhook = expectOk(await koneksi.call<CreatedWebhook>('POST', '/webhooks', { body }));
    await rename('Toko Palsu');
    await eventually('it is refused', async () => (await deliveries(webhook))[0]?.lastTries[0]?.status === 401);
    const bare = await fetch(place, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(401);
    expect(program.output).not.toContain('Toko');
    await end(program);

    const port = new URL(place).port;
    const genuine = run('python3', [join(EXAMPLES, 'receiver.py')], { PORT: port, KONEKSI_SECRET: webhook.secret });
    await genuine.says('listening on');
    await rename('Toko Asli');
    await genuine.says('"name":"Toko Asli"');
    const { id } = (await deliveries(webhook))[0]!;
    const takenTimes = async (): Promise<number> => {
      const { lastTries } = (await deliveries(webhook)).find((delivery) => delivery.id === id)!;
      return lastTries.filter(({ status }) => status === 204).length;
    };
    await eventually('it was taken', async () => (await takenTimes()) === 1);
    expectOk(await koneksi.call('POST', `/webhooks/deliveries/${id}/redrive`));
    await eventually('it is taken again', async () => (await takenTimes()) === 2);
    const printed = genuine.output.split('\n').filter((line) => line.startsWith('{'));
    expect(printed.filter((line) => line.includes('"name":"Toko Asli"'))).toHaveLength(1);
    await koneksi.call('DELETE', `/webhooks/${webhook.id}`);
  });

  test('it is twenty lines', async () => {
    const lines = (await readFile(join(EXAMPLES, 'receiver.py'), 'utf8')).split('\n');
    expect(lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(20);
  });
});

async function deliveries({ id }: CreatedWebhook): Promise<DeliveryPage['deliveries']> {
  return expectOk(await koneksi.call<DeliveryPage>('GET', `/webhooks/${id}/deliveries`)).deliveries;
}

describe('in Node.js', () => {
  let client: ClientPackage;
  let project: string;
  let chat: Chat;
  beforeAll(async () => {
    client = await ClientPackage.pack();
    project = await client.install();
    chat = await Chat.start();
  });
  afterAll(async () => {
    await client.remove();
    await chat.stop();
  });

  test('chat.mjs posts who needs a person and who is well again, also what it was not there for', async () => {
    await copyFile(join(EXAMPLES, 'chat.mjs'), join(project, 'chat.mjs'));
    const settings = { CHAT_URL: chat.url, CURSOR_FILE: join(project, 'cursor') };
    const start = (): Program => run(process.execPath, [join(project, 'chat.mjs')], settings);
    await rename('Toko Merdeka');
    const page = await koneksi.dashboard();

    const service = start();
    await service.says('Koneksi: live');
    chat.refuses = 1;
    shop.phone.unlink();
    await eventually('the chat is told', () => chat.texts.length === 1);
    expect(chat.texts[0]).toMatch(/^⚠ Toko Merdeka: \S+ .+\.$/);
    await service.says('the chat answered 503');
    service.child.kill();
    expect(await service.exit).toBe(0);

    await koneksi.connect(shop.outlet.id);
    await koneksi.phoneOf(shop.outlet).scan(await page.qr(shop.outlet.id));
    await page.becomes(shop.outlet.id, 'CONNECTED');
    page.close();
    start();
    await eventually('the chat is told what happened meanwhile', () => chat.texts.length === 2);
    expect(chat.texts[1]).toBe('✓ Toko Merdeka');
  });

  test('order-ready.mjs tells a customer once, however often it is run, and says by code what is refused', async () => {
    await copyFile(join(EXAMPLES, 'order-ready.mjs'), join(project, 'order-ready.mjs'));
    await rename('Toko & Co');
    const customer = koneksi.simulator.phone('628130002000').number;
    const ready = async (shopName: string, order: string): Promise<[number | null, string]> => {
      const program = run(process.execPath, [join(project, 'order-ready.mjs'), shopName, order, `+${customer}`]);
      return [await program.exit, program.output];
    };
    for (let times = 0; times < 2; times++)
      expect(await ready('Toko & Co', '2042')).toEqual([0, expect.stringMatching(/^2042: (delivered|read)\n$/)]);
    expect(new Blasts(koneksi).textsOf(customer)).toEqual(['Pesanan 2042 siap diambil.']);
    expect(await ready('Toko', '2042')).toEqual([1, expect.stringContaining('there is no outlet Toko')]);
    expect(await ready('Toko & Co', 'x'.repeat(300))).toEqual([1, expect.stringMatching(/^VALIDATION_FAILED: /)]);
  });
});

/** Somebody's chat with an incoming webhook. */
class Chat {
  readonly texts: string[] = [];
  /** How many posts it does not take. */
  refuses = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.once('end', () => {
        if (this.refuses-- > 0) return response.writeHead(503).end();
        this.texts.push((JSON.parse(text) as { text: string }).text);
        return response.writeHead(200).end();
      });
    });
  }

  static async start(): Promise<Chat> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Chat(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
