import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { unguardCell } from '@koneksi/contracts/spreadsheet-cell';
import type { OptOut } from '@koneksi/contracts/opt-outs';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { EventBus } from '../src/common/event-bus.js';
import { Blasts, customer } from './support/blasts.js';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { HOSTILE_NAMES, hostileUrls } from './support/hostile-names.js';
import { expectOk, Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

const STRIKE = '<img src=x onerror=window.struck=1>';

let koneksi: Koneksi;
let browser: Browser;
let blasts: Blasts;
let linked: LinkedOutlet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  blasts = new Blasts(koneksi);
  const dashboard = await koneksi.dashboard();
  const outlet = await koneksi.outlet({ name: `Outlet ${STRIKE}`, city: STRIKE, tags: ['<b>x</b>'] });
  // A business says its name as it links.
  const phone = koneksi.simulator.phone(outlet.whatsappNumber, { name: STRIKE, business: true });
  await koneksi.connect(outlet.id);
  await phone.scan(await dashboard.qr(outlet.id));
  await dashboard.becomes(outlet.id, 'CONNECTED');
  linked = { outlet, phone };
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

/** Contacts with these names, from `first` on. */
async function named(names: readonly string[], first: number): Promise<string[]> {
  const numbers = names.map((_, index) => customer(first + index));
  for (const number of numbers) koneksi.simulator.phone(number);
  await koneksi.database.dataSource.query(
    `INSERT INTO contacts (id, outlet_id, number, name, fields, tags)
     SELECT gen_random_uuid(), $1, number, name, jsonb_build_object('kota', name), ARRAY[left(name, 40)]
     FROM unnest($2::text[], $3::text[]) AS c(number, name)`,
    [linked.outlet.id, numbers, names],
  );
  return numbers;
}

async function csv(path: string): Promise<string[][]> {
  const headers = { authorization: `Bearer ${koneksi.token}`, 'accept-language': 'en' };
  const response = await fetch(`${koneksi.app.url}/api${path}`, { headers });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/);
  return parse(await response.text(), { bom: true });
}

/** The same in every file, however often it is quoted. */
const EXECUTED = /^[=+\-@\t\r\n\0＝＋－＠]/;

test('200 names are shown, exported and sent as what they are', async () => {
  expect(new Set(HOSTILE_NAMES).size).toBe(200);
  const numbers = await named(HOSTILE_NAMES, 0);
  const to = (phones: string[]): object => ({
    outletIds: [linked.outlet.id],
    message: '{{nama}}',
    audience: { phones },
  });
  const some = numbers.filter((_, index) => index % 7 === 0);
  await blasts.delivered(await blasts.create(to(some)));
  // A name begins no line of its own.
  for (const number of some)
    expect(blasts.textsOf(number)).toEqual([HOSTILE_NAMES[numbers.indexOf(number)]!.replace(/[\u2028\u2029]/g, ' ')]);
  const id = await blasts.create({ ...to(numbers), scheduledAt: '2999-01-01T00:00:00Z' });

  const contacts = await csv(`/outlets/${linked.outlet.id}/contacts/export`);
  const recipients = await csv(`/blasts/${id}/recipients.csv`);
  for (const [rows, name] of [
    [contacts, (row: string[]) => row[1]!],
    [recipients, (row: string[]) => row[1]!],
  ] as const) {
    expect(rows).toHaveLength(201);
    // A number with its country code begins with a plus sign, and is one.
    const cells = rows.flat().filter((cell) => !/^\+?\d+$/.test(cell));
    expect(cells.filter((cell) => EXECUTED.test(cell))).toEqual([]);
    expect(
      rows
        .slice(1)
        .map((row) => unguardCell(name(row)))
        .sort(),
    ).toEqual(HOSTILE_NAMES.toSorted());
  }

  const { page, faults } = await openPage(browser, { width: 1920, height: 1080 });
  const violations: string[] = [];
  page.on('console', (line) => void (/Content Security Policy/.test(line.text()) && violations.push(line.text())));
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  const untouched = async (where: string): Promise<void> => {
    const found = await page.evaluate(
      `({ struck: window.struck, images: document.querySelectorAll('img[src="x"], iframe, base[href*=evil]').length })`,
    );
    expect([where, found]).toEqual([where, { images: 0 }]);
  };
  await page.getByTestId('cell-device').getByText(STRIKE).waitFor();
  await untouched('the status page');
  await page.getByTestId('show-outlet').click();
  await page.getByTestId('sheet-database').getByText(STRIKE).waitFor();
  await untouched('the sheet of the outlet');
  await page.goto(`${koneksi.app.url}/outlets`);
  await page.getByTestId('outlet-row').getByText(STRIKE).first().waitFor();
  await untouched('outlets');
  await page.goto(`${koneksi.app.url}/contacts?outlet=${linked.outlet.id}`);
  expect(await texts(page, 'contact-row', 40)).toEqual(
    expect.arrayContaining([expect.stringContaining('<script>window.struck=1</script>')]),
  );
  await untouched('contacts');
  await page.goto(`${koneksi.app.url}/blast/${id}`);
  expect(await texts(page, 'recipient-row', 40)).toEqual(expect.arrayContaining([expect.stringContaining(STRIKE)]));
  await untouched('recipients');
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByText(`Outlet ${STRIKE}`).first().waitFor();
  await untouched('a new blast');
  expect(faults).toEqual([]);
  expect(violations).toEqual([]);
  await page.context().close();
}, 240_000);

/** Of the first rows, once there are so many. */
async function texts(page: Page, testId: string, count: number): Promise<string[]> {
  await page
    .getByTestId(testId)
    .nth(count - 1)
    .waitFor();
  return page.getByTestId(testId).allTextContents();
}

test('60 addresses that lead a careless server astray are only ever text', async () => {
  const trap = createServer((socket) => socket.destroy());
  let caught = 0;
  trap.on('connection', () => caught++);
  await listening(trap);
  const { port } = trap.address() as AddressInfo;
  const urls = hostileUrls(port);
  expect(new Set(urls).size).toBe(60);
  const watch = watchRequests();

  const numbers = await named(urls, 1_000);
  const to = (phones: string[]): object => ({
    outletIds: [linked.outlet.id],
    message: 'Lihat {{nama}}',
    audience: { phones },
  });
  for (const phones of [numbers.slice(0, 30), numbers.slice(30)])
    await blasts.delivered(await blasts.create(to(phones)));
  for (const [index, number] of numbers.entries()) expect(blasts.textsOf(number)).toEqual([`Lihat ${urls[index]}`]);
  const body = { outletId: linked.outlet.id, phone: numbers[0], message: urls[0] };
  expectOk(await koneksi.call('POST', '/blasts/test', { body }));
  const heard: string[] = [];
  koneksi.app.app.get(EventBus, { strict: false }).on('message.received', ({ text }) => heard.push(text));
  const writer = koneksi.simulator.phone(customer(2_000), { name: urls[0]! });
  const written = urls.filter((_, index) => index % 3 === 0);
  for (const url of written) await writer.send(linked.outlet.whatsappNumber, url);
  await eventually('every address arrived', () => heard.length === written.length);
  const optOut = { phone: numbers[1], note: urls[1] };
  expectOk(await koneksi.call<OptOut>('POST', '/opt-outs', { body: optOut }));

  expect(watch.strangers()).toEqual([]);
  expect(caught).toBe(0);
  // The trap and the watch catch what there is to catch.
  await fetch(`http://127.0.0.1:${port}/x`).catch(() => undefined);
  expect(caught).toBe(1);
  expect(watch.strangers()).toEqual([`http://127.0.0.1:${port}`]);
  watch.end();
  trap.close();
});

async function listening(server: Server): Promise<void> {
  server.listen(0);
  await once(server, 'listening');
}

/** Every HTTP request this process makes, be it by `fetch`, `http` or a library. */
function watchRequests(): { strangers: () => string[]; end: () => void } {
  const asked: string[] = [];
  const byFetch = (event: unknown): void =>
    void asked.push(String((event as { request: { origin: string } }).request.origin));
  const byHttp = (event: unknown): void => {
    const { protocol, host } = (event as { request: ClientRequest }).request;
    asked.push(`${protocol}//${host}`);
  };
  channel('undici:request:create').subscribe(byFetch);
  channel('http.client.request.start').subscribe(byHttp);
  return {
    strangers: () => asked.filter((origin) => origin !== koneksi.app.url),
    end: () => {
      channel('undici:request:create').unsubscribe(byFetch);
      channel('http.client.request.start').unsubscribe(byHttp);
    },
  };
}
