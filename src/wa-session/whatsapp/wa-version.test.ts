import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { eventually } from '../../../test/support/eventually.js';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import type { Config } from '../../config/config.js';
import { versionText } from './version-number.js';
import { WaVersion } from './wa-version.js';

let site: Server;
const unheard = (): AbortSignal => new AbortController().signal;

afterEach(() => {
  site.closeAllConnections();
  site.close();
});

/** Longer than any test: no machine is so slow that what is told comes later. Milliseconds. */
const NEVER_SILENT_MS = 600_000;

/** WhatsApp's site, which answers as `answer` does; and who asks it, with nothing kept. */
async function asking(
  answer: (told: (revision: number) => void) => void,
  { upsert = () => Promise.resolve(), bus = new EventBus(), silentAfterMs = NEVER_SILENT_MS } = {},
): Promise<WaVersion> {
  site = createServer((_, response) => answer((revision) => response.end(`{\\"client_revision\\":${revision}}`)));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const versionUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/sw.js`;
  const dataSource = { manager: { find: () => Promise.resolve([]), upsert } };
  const version = new WaVersion(
    { whatsapp: { versionUrl, version: null } } as Config,
    dataSource as unknown as DataSource,
    new Clock(),
    bus,
  );
  version.silentAfterMs = silentAfterMs;
  return version;
}

/** Whether it is over before anybody would notice, on a machine that is busy with other things. */
const atOnce = (waiting: Promise<unknown>): Promise<boolean> =>
  Promise.race([waiting.then(() => true), pause(700, false)]);

test('a site that is silent keeps nobody waiting but the first, and is asked beside', async () => {
  let asked = 0;
  const version = await asking(() => asked++, { silentAfterMs: 100 });
  await version.forLinking(unheard());
  await eventually('it is asked', () => asked === 1);
  for (let times = 0; times < 20; times++) expect(await atOnce(version.forLinking(unheard()))).toBe(true);
  expect(version.describe()).toMatchObject({ source: 'library', asks: true });
});

test('who gives up while it is silent waits no longer', async () => {
  const version = await asking(() => undefined);
  const leaving = new AbortController();
  const waiting = version.forLinking(leaving.signal);
  leaving.abort();
  expect(await atOnce(waiting)).toBe(true);
});

test('what it tells in time is what the first link shows', async () => {
  const version = await asking((tell) => tell(1_999_999_999));
  await version.forLinking(unheard());
  expect(versionText(version.current)).toBe('2.3000.1999999999');
});

test('a site that fell silent after it told keeps nobody waiting within a day', async () => {
  let tells = true;
  const version = await asking((tell) => tells && tell(1_999_999_999));
  await version.forLinking(unheard());
  tells = false;
  (version as unknown as { toldAt: number }).toldAt -= 2 * 3_600_000;
  expect(await atOnce(version.forLinking(unheard()))).toBe(true);
  expect(versionText(version.current)).toBe('2.3000.1999999999');
});

test('what our own database cannot store was told all the same, is used, and makes nobody wait', async () => {
  const bus = new EventBus();
  const heard: boolean[] = [];
  bus.on('client-version.known', ({ isNew }) => void heard.push(isNew));
  const upsert = (): Promise<void> => Promise.reject(new Error('no disk'));
  const version = await asking((tell) => tell(1_999_999_999), { upsert, bus });
  expect(await version.refresh()).toBe(true);
  expect(version.describe()).toMatchObject({ version: '2.3000.1999999999', source: 'whatsapp', askFailed: false });
  expect((version as unknown as { isSilent: boolean }).isSilent).toBe(false);
  expect(heard).toEqual([true]);
});
