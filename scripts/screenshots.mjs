// Opens every page of a fresh demo in a real Chromium and writes what it sees to docs/screenshots;
// with the word `reconnect` only the animation.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { launchBrowser } from '../test/support/browser.ts';
import { freePort } from '../test/support/free-port.ts';
import { root } from './shipped-node.mjs';

const OUT = join(root, 'docs', 'screenshots');
const SIZES = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } };
const THEMES = ['light', 'dark'];
const LANGUAGES = ['id', 'en'];
const FRAME_MS = 120;
/** Slower than life: the simulated phone links in a blink. */
const SHOWN_MS = 400;
const PROMO = {
  id: 'Halo *{{nama}}*!\n\nAkhir pekan ini di {{outlet}}: *beli 1 gratis 1* untuk {{minuman}} kesukaan Anda.\n\n_Balas STOP untuk berhenti._',
  en: 'Hello *{{nama}}*!\n\nThis weekend at {{outlet}}: *buy 1, get 1* for your favourite {{minuman}}.\n\n_Reply STOP to hear no more._',
};
const VISITOR = 'superadmin@koneksi.demo';
/** How long a sheet or dialog takes to be where it belongs. */
const SETTLED_MS = 500;

mkdirSync(OUT, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'koneksi-screenshots-'));
const port = await freePort();
const demo = spawn(process.execPath, ['dist/src/demo/demo-main.js'], {
  cwd: root,
  env: { ...process.env, DATA_DIR: data, PORT: String(port), LOG_LEVEL: 'error' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await launchBrowser();
try {
  await ready(demo);
  const blastId = await makeEventful();
  if (process.argv[2] !== 'reconnect') await visitAll(blastId);
  await filmReconnect();
} finally {
  await browser.close();
  demo.kill('SIGTERM');
  await once(demo, 'exit');
  rmSync(data, { recursive: true, force: true });
}

async function visitAll(blastId) {
  for (const [width, viewport] of Object.entries(SIZES)) {
    for (const theme of THEMES) {
      for (const language of LANGUAGES)
        await visit({ viewport, theme, language, blastId, suffix: suffix(width, theme, language) });
    }
  }
}

/** The usual one, light and Indonesian, has the short name. */
function suffix(width, theme, language) {
  return [width, theme === 'light' ? '' : theme, language === 'id' ? '' : language].filter(Boolean).join('-');
}

async function visit({ viewport, theme, language, blastId, suffix }) {
  const context = await open(viewport, theme, language);
  const page = await context.newPage();
  const shoot = async (name) => {
    await page.evaluate(() => document.fonts.ready);
    const picture = await page.screenshot({ animations: 'disabled' });
    await sharp(picture)
      .png({ palette: true, quality: 90, effort: 8 })
      .toFile(join(OUT, `${name}-${suffix}.png`));
  };
  const go = (path) => page.goto(`http://localhost:${port}${path}`);
  await go('/login');
  await page.getByText(VISITOR, { exact: true }).waitFor();
  await shoot('login');
  await logIn(page);
  await page.getByTestId('status-row').nth(2).waitFor();
  await page.locator('app-time-strip path:not([data-status=UNKNOWN])').first().waitFor();
  await shoot('outlet-status');
  await page.locator('[data-testid=status-row]', { hasText: 'Surabaya' }).getByTestId('show-outlet').click();
  await page.locator('[data-testid=sheet-history] li').first().waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await shoot('outlet-sheet');
  await go('/outlet-status');
  await page.getByTestId('lab-open').click();
  await page.getByTestId('lab-unlink').waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await shoot('lab');
  await go('/outlets');
  await page.getByTestId('outlet-row').nth(2).waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await shoot('outlets');
  await page.getByTestId('search').fill('Makassar');
  await page.locator('[data-testid=outlet-row]', { hasText: 'Makassar' }).getByTestId('connect').click();
  await page.getByTestId('qr').waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await shoot('connect');
  await go('/contacts');
  await page.getByTestId('which-outlet-choice').selectOption({ label: 'Jakarta Kemang' });
  await page.getByTestId('contact-row').nth(2).waitFor();
  await shoot('contacts');
  await go('/contacts/opt-outs');
  await page.getByTestId('opt-out-row').first().waitFor();
  await shoot('opt-outs');
  await go('/blast');
  await page.getByTestId('blast-row').first().waitFor();
  await shoot('blast');
  await page.getByTestId('new-blast').click();
  await page.getByTestId('every-outlet').check();
  // A phone takes it step by step.
  if (viewport.width < 700) await page.getByTestId('next').click();
  await page.getByTestId('message').fill(PROMO[language]);
  await shoot('blast-compose');
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-sample').waitFor();
  await shoot('blast-preview');
  await go(`/blast/${blastId}`);
  await page.getByTestId('chart').waitFor();
  await page.getByTestId('recipient-row').first().waitFor();
  await shoot('blast-result');
  await go('/users');
  await page.getByTestId('user-row').nth(2).waitFor();
  await shoot('users');
  await go('/profile');
  await page.getByTestId('profile-name').waitFor();
  await shoot('profile');
  await context.close();
}

/** One outlet unlinked on its phone and one paused: a page on which nothing ever happened shows nothing. */
async function makeEventful() {
  const login = await call('POST', '/auth/login', null, { email: VISITOR, password: 'koneksi-demo' });
  const { statuses } = await call('GET', '/outlets/status', login.accessToken);
  const idOf = (name) => statuses.find(({ outlet }) => outlet.name.startsWith(name)).outletId;
  const blastId = await sendBlast(login.accessToken, [idOf('Jakarta'), idOf('Bandung')]);
  await call('POST', `/demo/phones/${idOf('Surabaya')}/unlink`, login.accessToken, {});
  await call('POST', `/outlets/${idOf('Denpasar')}/pause`, login.accessToken, {});
  return blastId;
}

/** At any hour the pictures are taken at, and without the pauses between messages. */
async function sendBlast(token, outletIds) {
  const hasty = { quietHours: null, warmUpDays: 0, newChatsPerDay: 100, paceMinMs: 100, paceMaxMs: 300 };
  for (const id of outletIds) await call('PATCH', `/outlets/${id}/blast-settings`, token, hasty);
  const body = { outletIds, message: PROMO.id, title: 'Promo akhir pekan' };
  const { id } = await call('POST', '/blasts', token, body);
  for (;;) {
    const { status, counts } = await call('GET', `/blasts/${id}`, token);
    if (status === 'finished' && counts.sent === 0) return id;
    await new Promise((later) => setTimeout(later, SETTLED_MS));
  }
}

async function call(method, path, token, body) {
  const response = await fetch(`http://localhost:${port}/api${path}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return response.status === 204 ? null : response.json();
}

async function open(viewport, theme, language) {
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    locale: language === 'id' ? 'id-ID' : 'en-GB',
    timezoneId: 'Asia/Jakarta',
  });
  await context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  return context;
}

async function logIn(page) {
  await page.getByText(VISITOR, { exact: true }).click();
  await page.waitForURL('**/outlet-status');
}

/** A reconnect from Koneksikan to ✓, as an animation. */
async function filmReconnect() {
  const context = await open({ width: 1440, height: 860 }, 'light', 'id');
  const page = await context.newPage();
  await page.goto(`http://localhost:${port}/login`);
  await logIn(page);
  const row = page.locator('[data-testid=status-row]', { hasText: 'Makassar' });
  await row.getByTestId('connect').waitFor();
  const frames = [];
  let filming = true;
  const film = (async () => {
    while (filming) {
      frames.push(await page.screenshot());
      await page.waitForTimeout(FRAME_MS);
    }
  })();
  await page.waitForTimeout(600);
  await row.getByTestId('connect').click();
  await page.getByTestId('qr').waitFor();
  await page.waitForTimeout(800);
  await page.getByTestId('virtual-phone-scan').click();
  await page.getByTestId('connected').waitFor();
  await page.waitForTimeout(700);
  await page.getByTestId('connect-done').click();
  await page.waitForTimeout(1_200);
  filming = false;
  await film;
  // Before they are joined: sharp resizes an animation to its first frame.
  const scaled = await Promise.all(frames.map((frame) => sharp(frame).resize({ width: 800 }).png().toBuffer()));
  await sharp(scaled, { join: { animated: true } })
    .webp({ quality: 70, effort: 5, loop: 0, delay: frames.map(() => SHOWN_MS) })
    .toFile(join(OUT, 'reconnect.webp'));
  await context.close();
}

function ready(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('log in as')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`The demo ended with ${code}:\n${said}`)));
  });
}
