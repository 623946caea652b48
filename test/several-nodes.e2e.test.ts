import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ActivityPage } from '@koneksi/contracts/activity';
import type { BlastCreated, TestBlastAnswer } from '@koneksi/contracts/blast-requests';
import type { Blast, BlastProgress } from '@koneksi/contracts/blasts';
import type { NodeList } from '@koneksi/contracts/nodes';
import type { OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import type { ConnectAnswer, QrAnswer } from '@koneksi/contracts/outlets';
import type { Browser } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { addContacts } from './support/blasts.js';
import { BlastWatch } from './support/blast-watch.js';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import type { ChildKoneksi } from './support/child-koneksi.js';
import { Cluster } from './support/cluster.js';
import { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { SUPERADMIN } from './support/koneksi.js';
import { MailServer } from './support/mail-server.js';
import { WebhookReceiver } from './support/webhook-receiver.js';

const OUTLETS = 20;
const SHARE = OUTLETS / 2;

/** Of each outlet in a blast. */
const RECIPIENTS = 60;

let cluster: Cluster;
let mail: MailServer;
let receiver: WebhookReceiver;
let token: string;
let browser: Browser;
/** Messages that were sent as tests. */
const tests: string[] = [];
beforeAll(async () => {
  [mail, receiver, browser] = await Promise.all([MailServer.start(), WebhookReceiver.start(), launchBrowser()]);
  cluster = await Cluster.make({
    BLAST_RECEIPT_WAIT_MS: '3000',
    INCIDENT_AFTER_MS: '200',
    INCIDENT_WELL_FOR_MS: '200',
    SMTP_URL: mail.url,
    SMTP_FROM: 'alerts@example.com',
    ALERT_SPACING_MS: '0',
    EGRESS_ALLOW: '127.0.0.0/8',
  });
  const first = await cluster.start('a');
  token = await first.signIn();
  await cluster.link(first, token, OUTLETS);
}, 240_000);
afterAll(async () => {
  await cluster.stop();
  await Promise.all([mail.die(), receiver.die(), browser.close()]);
});

/** Outlets that each node owns, by its name. */
async function shares(): Promise<Record<string, number>> {
  const owners = await cluster.owners();
  return Object.fromEntries([...owners].map(([node, { length }]) => [node, length]));
}

const seen = (): Parameters<typeof addContacts>[0] => ({ ...cluster, dataSource: cluster.database.dataSource });

/** Everybody in a blast, by number. */
const rowsOf = (blastId: string): Promise<{ number: string; status: string }[]> =>
  cluster.database.dataSource.query('SELECT number, status FROM blast_recipients WHERE blast_id = $1 ORDER BY number', [
    blastId,
  ]);
const readiness = async ({ url }: ChildKoneksi): Promise<number> => (await fetch(`${url}/health/ready`)).status;

const fairly = (...nodes: string[]): Promise<unknown> =>
  eventually(`${nodes.join(' and ')} have their shares`, async () => {
    const owned = await shares();
    return nodes.every((node) => owned[node] === SHARE) && cluster.connected().length === OUTLETS;
  });

/** Whatever the database, WhatsApp and the pages at the nodes saw, since the cluster began. */
async function nothingIsWrong(mayReplace = 0): Promise<void> {
  await cluster.pagesKnowAll();
  expect(await cluster.history.complaints({ mayReplace, tests })).toEqual([]);
}

test('who joins gets its share, and each outlet moves once at most', async () => {
  const before = await cluster.claims();
  const joined = await cluster.start('b');
  for (const name of ['a', 'b']) await cluster.openPage(name, token);
  await fairly('a', 'b');
  // A node that a busy machine holds up ends its own sockets for a while: they say nothing of moves.
  expect((await cluster.claims()) - before).toBe(SHARE);
  const { nodes } = await joined.call<NodeList>('GET', '/nodes', token);
  expect(nodes.map(({ outlets, leaving, self }) => ({ outlets, leaving, self }))).toEqual([
    { outlets: SHARE, leaving: false, self: false },
    { outlets: SHARE, leaving: false, self: true },
  ]);
  await nothingIsWrong();
}, 240_000);

test('what is pressed on a node that does not own the outlet is carried out by the one that does', async () => {
  const asked = cluster.nodes.get('a')!;
  const [id] = (await cluster.owners()).get('b')!;
  const { number } = cluster.outlets.find((outlet) => outlet.id === id)!;
  const phone = cluster.simulator.phone(number);
  const press = <T>(verb: string, body?: object): Promise<T> =>
    asked.call<T>('POST', `/outlets/${id}/${verb}`, token, body);
  const before = await cluster.claims();
  const page = await Dashboard.open(asked.url, token);

  await press('pause');
  await page.becomes(id!, 'PAUSED_BY');
  await eventually('its socket is closed', () => !cluster.connected().includes(id!));
  await press('resume');
  await page.becomes(id!, 'CONNECTED');
  const looked = await asked.call<OutletStatusDocument>('POST', '/outlets/status/refresh', token);
  expect(looked.statuses.filter(({ healthy }) => healthy)).toHaveLength(OUTLETS);

  const customer = cluster.simulator.phone('6287770000001');
  const test = { outletId: id, phone: '6287770000001', message: 'Promo hari ini', noWayOut: 'Hanya uji coba' };
  tests.push((await asked.call<TestBlastAnswer>('POST', '/blasts/test', token, test)).messageId);
  await eventually('the customer has it', () => customer.inbox.some(({ text }) => text === 'Promo hari ini'));

  await press('logout');
  await page.becomes(id!, 'UNLINKED');
  await press('connect', { method: 'qr' });
  const shown = await page.qr(id!);
  expect(await asked.call<QrAnswer>('GET', `/outlets/${id}/qr`, token)).toMatchObject({ qr: shown });
  await phone.scan(shown);
  await page.becomes(id!, 'CONNECTED');
  await press('logout');
  await page.becomes(id!, 'UNLINKED');
  const { pairingCode } = await press<ConnectAnswer>('connect', { method: 'pairing-code' });
  await phone.enterCode(pairingCode!);
  await page.becomes(id!, 'CONNECTED');
  page.close();

  await eventually('it is connected', () => cluster.connected().length === OUTLETS);
  expect((await cluster.owners()).get('b')).toContain(id);
  expect(await cluster.claims()).toBe(before);
  await nothingIsWrong();
}, 240_000);

test('what breaks is told once, whichever node it breaks on', async () => {
  const node = cluster.nodes.get('b')!;
  const [id] = (await cluster.owners()).get('b')!;
  const phone = cluster.simulator.phone(cluster.outlets.find((outlet) => outlet.id === id)!.number);
  const rule = { name: 'Jaga', graceMinutes: 0, recipients: [{ channel: 'email', to: 'satu@example.com' }] };
  await node.call('POST', '/alert-rules', token, rule);
  const events = ['outlet.status.changed', 'incident.opened', 'incident.closed'];
  await node.call('POST', '/webhooks', token, { url: receiver.url(), events });
  const page = await Dashboard.open(node.url, token);

  phone.unlink();
  await mail.gets('that it is down', ({ subject }) => subject.startsWith('Bermasalah'));
  await node.call('POST', `/outlets/${id}/connect`, token);
  await phone.scan(await page.qr(id!));
  await receiver.gets('that it is well', ({ type }) => type === 'incident.closed');
  await mail.gets('that it is well', ({ subject }) => !subject.startsWith('Bermasalah'));
  page.close();
  const told = (type: string): number => receiver.heard.filter((heard) => heard.type === type).length;
  expect(mail.taken.map(({ subject }) => subject.split(':')[0])).toEqual(['Bermasalah', 'Selesai']);
  expect([told('incident.opened'), told('incident.closed')]).toEqual([1, 1]);
  const ids = receiver.heard.map((heard) => heard.id);
  expect(ids).toEqual([...new Set(ids)]);
}, 240_000);

test('a node that is drained at another’s page hands everything over, stays up, and takes its share again when returned', async () => {
  const [drained, other] = [cluster.nodes.get('a')!, cluster.nodes.get('b')!];
  const { nodes } = await other.call<NodeList>('GET', '/nodes', token);
  const [one, last] = [nodes.find(({ self }) => !self)!, nodes.find(({ self }) => self)!];
  const before = await cluster.claims();
  const { page, faults } = await openPage(browser);
  await logIn(page, other.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${other.url}/system`);
  const row = (id: string) => page.locator(`[data-testid=node][data-node-id="${id}"]`);
  await row(last.id).filter({ hasText: 'Server ini' }).waitFor();
  await row(one.id).getByTestId('drain-node').click();
  await page.getByTestId('confirm').click();
  await row(one.id).getByTestId('node-drained').waitFor();
  // It is pushed: nobody reads the page again.
  await row(one.id).getByTestId('node-outlets').filter({ hasText: /^0 / }).waitFor();
  await row(last.id)
    .getByTestId('node-outlets')
    .filter({ hasText: String(OUTLETS) })
    .waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await cluster.allConnected(['b']);
  expect((await cluster.claims()) - before).toBe(SHARE);
  await eventually('a proxy leaves it', async () => (await readiness(drained)) === 503);
  expect(await readiness(other)).toBe(200);
  // It serves whoever still comes, with what there is.
  await eventually('it hears of both', async () =>
    (await drained.call<NodeList>('GET', '/nodes', token)).nodes.every(({ silent }) => !silent),
  );
  expect((await drained.call<NodeList>('GET', '/nodes', token)).nodes).toMatchObject([
    { id: one.id, outlets: 0, leaving: true, drained: true, claims: false, self: true },
    { id: last.id, outlets: OUTLETS, leaving: false, drained: false, claims: true },
  ]);
  await expect(drained.call('POST', `/nodes/${last.id}/drain`, token)).rejects.toThrow('answered 409');
  await row(one.id).getByTestId('undrain-node').click();
  await page.getByTestId('confirm').click();
  await fairly('a', 'b');
  await row(one.id)
    .getByTestId('node-outlets')
    .filter({ hasText: String(SHARE) })
    .waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
  await eventually('a proxy comes back', async () => (await readiness(drained)) === 200);
  const { items } = await other.call<ActivityPage>('GET', '/activity?kind=node', token);
  expect(items.map(({ action, subject, outcome }) => [action, subject.id, subject.name, outcome])).toEqual([
    ['node.returned', one.id, one.url, 'done'],
    ['node.drained', one.id, one.url, 'done'],
  ]);
  await nothingIsWrong();
}, 240_000);

test('a blast obeys whoever is pressed on a node that owns none of its outlets, and both nodes push how it goes', async () => {
  const asked = cluster.nodes.get('a')!;
  const outletIds = (await cluster.owners()).get('b')!.slice(0, 2);
  const steady = { paceMinMs: 20, paceMaxMs: 20, quietHours: null };
  for (const [at, id] of outletIds.entries()) {
    await asked.call('PATCH', `/outlets/${id}/blast-settings`, token, steady);
    await addContacts(seen(), id, 1_000 + at * 500, 500);
  }
  const blast = { outletIds, message: 'Promo untuk {{nama}}', noWayOut: 'Hanya uji coba' };
  const { id } = await asked.call<BlastCreated>('POST', '/blasts', token, blast);
  const press = (verb: string): Promise<Blast> => asked.call<Blast>('POST', `/blasts/${id}/${verb}`, token);
  const heard = await Promise.all(['a', 'b'].map((name) => BlastWatch.open(cluster.nodes.get(name)!.url, token, id)));
  const bothHear = (what: string, is: (progress: BlastProgress) => boolean): Promise<unknown> =>
    Promise.all(heard.map((watch) => watch.hears(what, is)));
  const gone = ({ counts }: Pick<BlastProgress, 'counts'>): number => counts.sent + counts.delivered + counts.read;

  await bothHear('that it is under way', (progress) => gone(progress) > 0);
  expect((await press('pause')).status).toBe('paused');
  await bothHear(
    'that it is paused, and nothing on its way',
    ({ status, counts }) => status === 'paused' && counts.sending === 0,
  );
  const paused = await asked.call<Blast>('GET', `/blasts/${id}`, token);
  expect(paused.counts.queued).toBeGreaterThan(0);
  await press('resume');
  await bothHear('that it goes on', (progress) => progress.status === 'running' && gone(progress) > gone(paused));
  await press('cancel');
  await bothHear(
    'that it is canceled, and nothing on its way',
    ({ status, counts }) => status === 'canceled' && counts.queued + counts.sending === 0,
  );
  // Of recipients each page hears by words of their own.
  await eventually('both hear of both outlets', () => heard.every(({ outlets }) => outlets.size === outletIds.length));
  for (const { outlets } of heard) expect(outlets).toEqual(new Set(outletIds));
  for (const watch of heard) watch.close();
  const skipped = (await rowsOf(id)).filter(({ status }) => status === 'skipped');
  expect(skipped.length).toBeGreaterThan(0);
  await nothingIsWrong();
}, 240_000);

test('what a killed node owned is connected elsewhere, and its blast goes on', async () => {
  const heir = cluster.nodes.get('b')!;
  const owners = await cluster.owners();
  const outletIds = ['a', 'b'].flatMap((node) => owners.get(node)!.slice(-2));
  const numbers: string[] = [];
  for (const [at, id] of outletIds.entries())
    numbers.push(...(await addContacts(seen(), id, 100 + at * RECIPIENTS, RECIPIENTS)));
  const blast = { outletIds, message: 'Promo untuk {{nama}}', noWayOut: 'Hanya uji coba' };
  const { id } = await heir.call<BlastCreated>('POST', '/blasts', token, blast);
  const queued = async (): Promise<number> => (await rowsOf(id)).filter(({ status }) => status === 'queued').length;
  await eventually('it is under way', async () => (await queued()) < numbers.length - 20);
  await cluster.nodes.get('a')!.kill();
  await cluster.allConnected(['b']);
  expect(await shares()).toEqual({ b: OUTLETS });
  await eventually(
    'it is over',
    async () => (await heir.call<Blast>('GET', `/blasts/${id}`, token)).status === 'finished',
  );

  const shown = new Map(numbers.map((number) => [number, cluster.simulator.phone(number).inbox.length]));
  expect([...shown].filter(([, times]) => times > 1)).toEqual([]);
  const rows = await rowsOf(id);
  expect(rows.map(({ number }) => number)).toEqual(numbers.toSorted());
  // What was between the two when the node died is for a person to decide: one of each of its outlets at most.
  expect(rows.filter(({ number, status }) => shown.get(number) === 0 && status !== 'unknown')).toEqual([]);
  expect(rows.filter(({ status }) => status === 'unknown').length).toBeLessThanOrEqual(2);
  await nothingIsWrong();
}, 240_000);

test('who ends hands everything over, and nothing is replaced', async () => {
  await cluster.start('c');
  await cluster.openPage('c', token);
  await fairly('b', 'c');
  const before = await cluster.claims();
  await cluster.nodes.get('b')!.end();
  await cluster.allConnected(['c']);
  expect((await cluster.claims()) - before).toBe(SHARE);
  await nothingIsWrong();
}, 240_000);

test('who stood still for longer than it may wakes up with nothing, and writes nothing of what is another’s', async () => {
  await cluster.start('d');
  await cluster.openPage('d', token);
  await fairly('c', 'd');
  cluster.nodes.get('c')!.freeze();
  // Its sockets are still there as WhatsApp sees it: each login of the heir ends one.
  await eventually('the heir has them', () => cluster.history.replaced === SHARE);
  cluster.nodes.get('c')!.thaw();
  // It begins anew, and gets its share by and by.
  await fairly('c', 'd');
  expect(cluster.history.replaced).toBe(SHARE);
  await nothingIsWrong(SHARE);
}, 240_000);
