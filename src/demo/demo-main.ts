import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startSimulator } from '@koneksi/whatsapp-simulator';
import { startApp, type RunningApp } from '../app.js';
import { runProcess } from '../run-process.js';
import { DEMO_ACCOUNTS } from './demo-data.js';
import { DemoModule } from './demo.module.js';
import { DemoSeeder } from './demo-seeder.js';

/** Everything of the demo lies apart from real data, and nothing in it reaches the network. */
await runProcess(async (hooks): Promise<RunningApp> => {
  const dataDir = resolve(process.env['DATA_DIR'] ?? '.data', 'demo');
  await mkdir(dataDir, { recursive: true });
  const simulator = await startSimulator({ dataFile: join(dataDir, 'whatsapp.json') });
  try {
    const app = await startApp({
      ...hooks,
      env: demoEnv(dataDir, simulator),
      extraModules: [DemoModule.for(simulator, { lived: true })],
      pages: 'demo',
    });
    await app.app.get(DemoSeeder).seed();
    hooks.say(logIns(app));
    return { ...app, stop: () => app.stop().finally(() => simulator.stop()) };
  } catch (error) {
    await simulator.stop();
    throw error;
  }
});

function demoEnv(dataDir: string, { url, rootKey }: { url: string; rootKey: string }): NodeJS.ProcessEnv {
  const superadmin = DEMO_ACCOUNTS.find((account) => account.role === 'SUPERADMIN');
  const { DATABASE_URL: _database, JWT_SECRET: _jwt, CREDENTIALS_KEY: _key, ...env } = process.env;
  return {
    ...env,
    // A visitor gives the demo two minutes: what went wrong unseen is found in seconds.
    RECONCILE_INTERVAL_MS: env['RECONCILE_INTERVAL_MS'] || '5000',
    WA_KEEPALIVE_MS: env['WA_KEEPALIVE_MS'] || '10000',
    DATA_DIR: dataDir,
    WA_WEB_SOCKET_URL: url,
    WA_ROOT_KEY: rootKey,
    SUPERADMIN_EMAIL: superadmin?.email,
    SUPERADMIN_PASSWORD: superadmin?.password,
  };
}

function logIns({ url }: RunningApp): string {
  const width = Math.max(...DEMO_ACCOUNTS.map((account) => account.email.length));
  const rows = DEMO_ACCOUNTS.map(({ email, password, role }) => `  ${email.padEnd(width)}  ${password}  (${role})`);
  return `\nOpen ${url.replace('127.0.0.1', 'localhost')} and log in as:\n${rows.join('\n')}\n`;
}
