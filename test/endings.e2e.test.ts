import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { REASON_STATUS, type ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { StatusChange } from '@koneksi/contracts/realtime';
import type { Ending, LoginRefusal } from '@koneksi/whatsapp-simulator';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let page: Dashboard;
/** Linking costs more than logging in, so endings that keep the link share one. */
let linked: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  withoutWatch(koneksi);
  page = await koneksi.dashboard();
  linked = await koneksi.linked(page);
});

/** Comes back whatever the test left behind; a pause forgets how often it failed. */
afterEach(async () => {
  const { outlet } = linked;
  await koneksi.call('POST', `/outlets/${outlet.id}/pause`);
  await page.becomes(outlet.id, 'PAUSED_BY');
  await koneksi.call('POST', `/outlets/${outlet.id}/resume`);
  await page.becomes(outlet.id, 'CONNECTED');
});

afterAll(() => koneksi.stop());

/** Milliseconds from the change to the announced retry: never more than was planned, as it is committed after that. */
function wait({ at, status }: StatusChange): number | null {
  return status.nextRetryAt === null ? null : Date.parse(status.nextRetryAt) - Date.parse(at);
}

/** How far the clock that plans and the one on the wall may be apart. Milliseconds. */
const SKEW_MS = 200;

/** Milliseconds from an instant before the ending to the announced retry: never less than was planned. */
function after(began: number, { status }: StatusChange): number {
  return Date.parse(status.nextRetryAt!) - began + SKEW_MS;
}

/** Who finds a closing socket first, its end or our own watch, is chance: these tests are of ends. */
function withoutWatch({ app: { app } }: Koneksi): void {
  clearInterval(app.get(SchedulerRegistry, { strict: false }).getInterval<NodeJS.Timeout>('watch-silence'));
}

/** REST and the rows tell what was pushed: at this moment where the status stays, in the history where it passed. */
async function expectToldAlike(
  outletId: string,
  change: StatusChange,
  code: ReasonCode,
  stays: boolean,
): Promise<void> {
  const { status } = change;
  const entry = (await koneksi.history(outletId)).find(({ cursor }) => cursor === change.cursor);
  expect(entry).toMatchObject({
    status: REASON_STATUS[code],
    previous: change.previous,
    revision: status.revision,
    reason: { code },
  });
  const [stored] = await koneksi.database.dataSource.query<Record<string, unknown>[]>(
    'SELECT * FROM outlet_status_change WHERE cursor = $1',
    [change.cursor],
  );
  expect(stored).toMatchObject({ outlet_id: outletId, status: REASON_STATUS[code], reason_code: code });
  if (!stays) return;
  expect(await koneksi.status(outletId)).toMatchObject({
    session: { status: status.session.status, retryCount: status.session.retryCount },
    liveStatus: { status: status.session.status },
    healthy: false,
    revision: status.revision,
    nextRetryAt: status.nextRetryAt,
    reason: { code, params: status.reason!.params },
  });
  expect(await koneksi.sessionRow(outletId)).toMatchObject({
    status: status.session.status,
    reason_code: code,
    retry_count: status.session.retryCount,
    next_retry_at: status.nextRetryAt === null ? null : new Date(status.nextRetryAt),
    revision: String(status.revision),
  });
  // WhatsApp may see the end of the socket after us.
  await eventually('no socket is left', () =>
    koneksi.simulator.connections().every(({ number }) => number !== status.outlet.whatsappNumber),
  );
}

async function expectCredentialsKept({ outlet }: LinkedOutlet): Promise<void> {
  expect(await koneksi.credentials(outlet.id)).toEqual([
    expect.objectContaining({ linked_number: outlet.whatsappNumber, quarantined_at: null }),
  ]);
}

describe('an ending that heals is told, and mended without a person', () => {
  test.each<[string, Ending, { least: number; most: number; detail: string }]>([
    ['408 of the stream', { streamError: { code: '408' } }, { least: 0, most: 1_000, detail: '408' }],
    ['428 by stream end', 'stream-end', { least: 0, most: 1_000, detail: '428' }],
    ['428 by close frame', 'close', { least: 0, most: 1_000, detail: '428' }],
    ['a connection cut without a word', 'drop', { least: 0, most: 1_000, detail: '428' }],
    ['500 of a stream error nobody knows', 'unknown-stream-error', { least: 0, most: 1_000, detail: '500' }],
    ['500 spelled out', { streamError: { code: '500' } }, { least: 0, most: 1_000, detail: '500' }],
    ['a failure of 500', { failure: { reason: '500' } }, { least: 0, most: 1_000, detail: '500' }],
    ['a code below 400', { failure: { reason: '399' } }, { least: 0, most: 1_000, detail: 'unreadable' }],
    ['a failure whose reason is no number', 'reason-not-a-number', { least: 0, most: 1_000, detail: 'unreadable' }],
    ['515 in the middle of it', 'restart', { least: 0, most: 250, detail: '515' }],
    ['503 of the stream', 'unavailable', { least: 5_000, most: 6_000, detail: '503' }],
    ['a failure of 503', 'unavailable-failure', { least: 5_000, most: 6_000, detail: '503' }],
  ])('%s', async (_, ending, { least, most, detail }) => {
    const { outlet, phone } = linked;
    const began = Date.now();
    expect(phone.faults.end(ending)).toBe(1);
    const lost = await page.becomes(outlet.id, 'RECONNECTING');
    expect(lost.previous).toBe('CONNECTED');
    expect(lost.status.session.retryCount).toBe(1);
    expect(lost.status.reason?.params).toEqual({ attempt: 1, detail });
    expect(after(began, lost)).toBeGreaterThanOrEqual(least);
    expect(wait(lost)).toBeLessThanOrEqual(most);
    await expectToldAlike(outlet.id, lost, 'RECONNECTING', false);
    // A person need not wait out the floor of a 503.
    if (least > 0) await koneksi.connect(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
    expect(await koneksi.status(outlet.id)).toMatchObject({ healthy: true, reason: null, nextRetryAt: null });
    await expectCredentialsKept(linked);
    await eventually('one socket is left', () => koneksi.liveConnections(outlet).length === 1);
  });

  test('440 once is retried late, and a second time only by a person', async () => {
    const { outlet, phone } = linked;
    const began = Date.now();
    phone.faults.end('replaced');
    const first = await page.becomes(outlet.id, 'REPLACED');
    expect(after(began, first)).toBeGreaterThanOrEqual(30_000);
    expect(wait(first)).toBeLessThanOrEqual(60_000);
    await expectToldAlike(outlet.id, first, 'REPLACED', true);
    await koneksi.connect(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
    phone.faults.end('replaced');
    const second = await page.becomes(outlet.id, 'REPLACED');
    expect(wait(second)).toBeNull();
    await expectToldAlike(outlet.id, second, 'REPLACED', true);
    await expectCredentialsKept(linked);
    await koneksi.connect(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
  });
});

describe('an ending that needs a person parks the outlet', () => {
  interface Parked {
    code: ReasonCode;
    retryWithin?: [number, number];
    params?: ReasonParams;
  }
  const cases: [string, Ending, Parked][] = [
    [
      '402 until the ban ends',
      'temporarily-banned',
      {
        code: 'RESTRICTED',
        retryWithin: [3_600_000, 3_600_000],
        params: { until: expect.any(String) as unknown as string, detail: '101' },
      },
    ],
    ['402 without an end', { failure: { reason: '402' } }, { code: 'RESTRICTED', params: {} }],
    [
      '402 with its cause alone',
      { failure: { reason: '402', attrs: { code: '106' } } },
      { code: 'RESTRICTED', params: { detail: '106' } },
    ],
    ['406', 'banned', { code: 'BANNED', params: { detail: '406' } }],
    ['405', 'outdated', { code: 'OUTDATED', retryWithin: [710_000, 1_080_000], params: {} }],
    ['409', 'conflict', { code: 'CONFIG_ERROR', params: { detail: '409' } }],
    ['411', 'downgraded', { code: 'CONFIG_ERROR', params: { detail: '411' } }],
  ];

  test.each(cases)('%s, with its credentials kept', async (_, ending, { code, retryWithin, params }) => {
    const { outlet, phone } = linked;
    const began = Date.now();
    phone.faults.end(ending);
    const parked = await page.becomes(outlet.id, code);
    expect(parked.status.reason?.params).toEqual(params);
    if (retryWithin) {
      expect(after(began, parked)).toBeGreaterThanOrEqual(retryWithin[0]);
      expect(wait(parked)).toBeLessThanOrEqual(retryWithin[1]);
    } else {
      expect(wait(parked)).toBeNull();
    }
    await expectToldAlike(outlet.id, parked, code, true);
    await expectCredentialsKept(linked);
    await koneksi.connect(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
    expect(phone.devices).toHaveLength(1);
  });

  test.each<[string, Ending, ReasonCode]>([
    ['403', 'forbidden', 'BLOCKED'],
    ['413', { failure: { reason: '413' } }, 'CONFIG_ERROR'],
    ['414', { failure: { reason: '414' } }, 'CONFIG_ERROR'],
    ['415', { failure: { reason: '415' } }, 'CONFIG_ERROR'],
  ])('%s closes the link for good: one press shows a QR, and its scan mends it', async (_, ending, code) => {
    const other = await koneksi.linked(page);
    const { outlet, phone } = other;
    phone.faults.end(ending);
    const parked = await page.becomes(outlet.id, code);
    expect(wait(parked)).toBeNull();
    await expectToldAlike(outlet.id, parked, code, true);
    // Nothing is given up before somebody asks.
    await expectCredentialsKept(other);
    await koneksi.connect(outlet.id);
    await phone.scan(await page.qr(outlet.id));
    await page.becomes(outlet.id, 'CONNECTED');
    expect((await koneksi.credentials(outlet.id)).map((row) => row.quarantined_at !== null)).toEqual([true, false]);
  });

  test('406 of a number that was registered anew: one press shows a QR, and its scan takes the place of the old link', async () => {
    const other = await koneksi.linked(page);
    const { outlet, phone } = other;
    phone.moveToNewPhone('406');
    await expectToldAlike(outlet.id, await page.becomes(outlet.id, 'BANNED'), 'BANNED', true);
    await expectCredentialsKept(other);
    await koneksi.connect(outlet.id);
    const qr = await page.qr(outlet.id);
    const [old, made] = await koneksi.credentials(outlet.id);
    expect([old?.quarantined_at, made?.linked_number]).toEqual([null, null]);
    await phone.scan(qr);
    await page.becomes(outlet.id, 'CONNECTED');
    expect((await koneksi.credentials(outlet.id)).map((row) => row.quarantined_at !== null)).toEqual([true, false]);
    expect(phone.devices).toHaveLength(1);
    expect(await koneksi.status(outlet.id)).toMatchObject({ healthy: true, reason: null });
    phone.faults.end('drop');
    await page.losesLink(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
  });

  test('406 again shows a QR beside the link, which is as it was where nobody scans, and lives on once the ban is lifted', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    const [device] = phone.devices;
    phone.faults.refuseLogin({ reason: '406' });
    phone.faults.end('banned');
    await page.becomes(outlet.id, 'BANNED');
    await koneksi.connect(outlet.id);
    expect(await page.qr(outlet.id)).toBeTruthy();
    const [link] = await koneksi.credentials(outlet.id);
    expect(link).toMatchObject({ linked_number: outlet.whatsappNumber, quarantined_at: null });
    // A press is that QR; whatever else ends it, the link stays.
    await koneksi.connect(outlet.id);
    koneksi.simulator.faults.cutRegistration({ times: 1 });
    await koneksi.call('POST', `/outlets/${outlet.id}/pause`);
    await page.becomes(outlet.id, 'PAUSED_BY');
    await koneksi.call('POST', `/outlets/${outlet.id}/resume`);
    const again = await page.becomes(outlet.id, 'BANNED');
    expect(again.previous).toBe('CONNECTING');
    await expectToldAlike(outlet.id, again, 'BANNED', true);
    phone.faults.clear();
    await koneksi.connect(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
    expect((await koneksi.credentials(outlet.id)).find((row) => row.quarantined_at === null)).toEqual(link);
    expect(phone.devices.map(({ id }) => id)).toEqual([device!.id]);
  });

  test.each<[string, Ending]>([
    ['401 because the phone unlinked', 'device-removed'],
    ['a failure of 401', 'logged-out'],
  ])('%s, with its credentials set aside but not deleted', async (_, ending) => {
    const { outlet, phone } = await koneksi.linked(page);
    phone.faults.end(ending);
    const out = await page.becomes(outlet.id, 'REMOVED_BY_WHATSAPP');
    expect(wait(out)).toBeNull();
    await expectToldAlike(outlet.id, out, 'REMOVED_BY_WHATSAPP', true);
    const [credential, ...others] = await eventually('the credentials are set aside', async () => {
      const rows = await koneksi.credentials(outlet.id);
      return rows[0]?.quarantined_at !== null && rows;
    });
    expect(credential).toMatchObject({ linked_number: outlet.whatsappNumber, quarantined_at: expect.any(Date) });
    expect(others).toEqual([]);
    await koneksi.connect(outlet.id);
    await phone.scan(await page.qr(outlet.id));
    await page.becomes(outlet.id, 'CONNECTED');
    expect((await koneksi.credentials(outlet.id)).map((row) => row.quarantined_at !== null)).toEqual([true, false]);
  });

  test('a phone that unlinks is told of within one push', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    const before = page.changes.length;
    phone.unlink();
    const out = await page.becomes(outlet.id, 'REMOVED_BY_WHATSAPP');
    expect(page.changes.slice(before).filter(({ status }) => status.outletId === outlet.id)).toEqual([out]);
    expect(out.previous).toBe('CONNECTED');
  });
});

describe('a login that is refused', () => {
  function relogin({ phone }: LinkedOutlet, refusal: LoginRefusal): void {
    phone.faults.refuseLogin({ ...refusal, times: 1 });
    phone.faults.end('restart');
  }

  test('with 401 is a logout', async () => {
    const other = await koneksi.linked(page);
    relogin(other, { reason: '401' });
    await page.becomes(other.outlet.id, 'REMOVED_BY_WHATSAPP');
  });

  test('with 402 waits for the end of the ban', async () => {
    const began = Date.now();
    relogin(linked, { reason: '402', attrs: { code: '101', expire: '120' } });
    const parked = await page.becomes(linked.outlet.id, 'RESTRICTED');
    expect(after(began, parked)).toBeGreaterThanOrEqual(120_000);
    expect(wait(parked)).toBeLessThanOrEqual(120_000);
    expect(parked.status.reason?.params.until).toBe(parked.status.nextRetryAt);
    await expectCredentialsKept(linked);
  });

  test('with 503 is tried again, five seconds later at the earliest', async () => {
    const began = Date.now();
    relogin(linked, { reason: '503' });
    const told = await page.becomes(linked.outlet.id, 'WHATSAPP_UNREACHABLE');
    expect(after(began, told)).toBeGreaterThanOrEqual(5_000);
    await koneksi.connect(linked.outlet.id);
    await page.becomes(linked.outlet.id, 'CONNECTED');
    await expectCredentialsKept(linked);
  });

  test('with a word instead of a number is tried again', async () => {
    relogin(linked, { reason: 'abc' });
    await page.becomes(linked.outlet.id, 'WHATSAPP_UNREACHABLE');
    await page.becomes(linked.outlet.id, 'CONNECTED');
    await expectCredentialsKept(linked);
  });
});

describe('an upgrade refused over HTTP is never a logout', () => {
  test.each([401, 403, 404, 429, 500, 503])('HTTP %d', async (httpStatus) => {
    const { outlet, phone } = linked;
    koneksi.simulator.faults.refuseUpgrade(httpStatus, { times: 1 });
    phone.faults.end('restart');
    const refused = await page.becomes(outlet.id, 'WHATSAPP_UNREACHABLE');
    expect(refused.status.reason?.params).toMatchObject({ attempt: 2, detail: `HTTP ${httpStatus}` });
    expect(refused.status.nextRetryAt).not.toBeNull();
    await expectToldAlike(outlet.id, refused, 'WHATSAPP_UNREACHABLE', false);
    await page.becomes(outlet.id, 'CONNECTED');
    await expectCredentialsKept(linked);
    expect(page.told(outlet.id)).not.toContain('FAILED REMOVED_BY_WHATSAPP');
  });

  test('nor is a closed port, and one outage is one milestone however many attempts it takes', async () => {
    const { outlet, phone } = linked;
    await koneksi.simulator.faults.refuseConnections();
    phone.faults.end('restart');
    const refused = await page.becomes(outlet.id, 'WHATSAPP_UNREACHABLE');
    expect(refused.status.reason?.params.detail).toBe('ECONNREFUSED');
    await page.next(outlet.id, 'third attempt', ({ status }) => status.session.retryCount >= 3);
    await koneksi.simulator.faults.acceptConnections();
    await koneksi.connect(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
    const since = (await koneksi.history(outlet.id)).filter(({ cursor }) => cursor >= refused.cursor);
    expect(since.filter(({ reason }) => reason?.code === 'WHATSAPP_UNREACHABLE')).toHaveLength(1);
    await expectCredentialsKept(linked);
  });
});

test('an outlet whose auto-reconnect is off rests after a loss until a person connects it', async () => {
  const { outlet, phone } = await koneksi.linked(page, { autoReconnect: false });
  expect((await koneksi.status(outlet.id)).healthy).toBe(false);
  phone.faults.end('drop');
  const off = await page.becomes(outlet.id, 'AUTO_RECONNECT_OFF');
  expect(wait(off)).toBeNull();
  await koneksi.connect(outlet.id);
  await page.becomes(outlet.id, 'CONNECTED');
});

describe('a link that ends after a restart', () => {
  /** Starts the product anew, with links this much older; resolves when they are back. */
  async function restart(outletId: string, older = '0 days'): Promise<void> {
    await koneksi.pause();
    await koneksi.database.dataSource.query('UPDATE wa_credential SET linked_at = linked_at - $1::interval', [older]);
    await koneksi.resume();
    withoutWatch(koneksi);
    page = await koneksi.dashboard();
    for (const id of [outletId, linked.outlet.id])
      await eventually('the link is back', async () => (await koneksi.status(id)).healthy);
  }

  test('was removed by WhatsApp where it was made minutes ago', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    await restart(outlet.id);
    phone.unlink();
    await page.becomes(outlet.id, 'REMOVED_BY_WHATSAPP');
  });

  test('was removed by a person, as far as anybody knows, where it is of yesterday', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    await restart(outlet.id, '1 day');
    phone.unlink();
    await page.becomes(outlet.id, 'LOGGED_OUT');
  });
});
