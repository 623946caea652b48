import { gunzipSync } from 'node:zlib';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OutletStatusDocument, StatusHistoryAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let page: Dashboard;
let linked: LinkedOutlet;
let doomed: Outlet;

beforeAll(async () => {
  // No round sets right what a hand edited, or writes when an outlet was last heard of, between two answers.
  koneksi = await Koneksi.start({ env: { RECONCILE_INTERVAL_MS: '3600000' } });
  page = await koneksi.dashboard();
  linked = await koneksi.linked(page, { name: 'Linked', city: 'Bandung' });
  doomed = await koneksi.outlet({ name: 'Doomed' });
  await koneksi.outlet({ name: 'Bare', city: 'Jakarta', tags: ['mall'] });
});

afterAll(() => koneksi.stop());

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** As it stands on the wire: `fetch` would decompress. */
function raw(path: string, headers: Record<string, string> = {}, token = koneksi.token): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${koneksi.app.url}/api${path}`,
      { headers: { authorization: `Bearer ${token}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    request.once('error', reject).end();
  });
}

const parsed = ({ body }: Raw): OutletStatusDocument => JSON.parse(String(body)) as OutletStatusDocument;

test('compressed, plain and unchanged are one document', async () => {
  const plain = await raw('/outlets/status');
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(Number(plain.headers['content-length'])).toBe(plain.body.length);
  const compressed = await raw('/outlets/status', { 'accept-encoding': 'gzip' });
  expect(compressed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(compressed.body)).toEqual(plain.body);
  expect(compressed.headers.etag).toBe(plain.headers.etag);
  expect(plain.headers.vary).toMatch(/accept-encoding/i);
  expect(plain.headers['cache-control']).toBe('no-store');
  const unchanged = await raw('/outlets/status', { 'if-none-match': plain.headers.etag! });
  expect({ status: unchanged.status, bytes: unchanged.body.length }).toEqual({ status: 304, bytes: 0 });
});

test.each(['no-cache', 'max-age=0'])('whoever asks by %s as well is told that nothing changed', async (control) => {
  const { headers } = await raw('/outlets/status');
  const conditional = { 'if-none-match': headers.etag!, 'cache-control': control };
  expect((await raw('/outlets/status', conditional)).status).toBe(304);
  // Which adds `no-cache` by itself.
  const authorization = `Bearer ${koneksi.token}`;
  const fetched = await fetch(`${koneksi.app.url}/api/outlets/status`, { headers: { authorization, ...conditional } });
  expect(fetched.status).toBe(304);
});

test.each<[string, () => Promise<unknown>]>([
  ['an outlet is renamed', () => koneksi.call('PATCH', `/outlets/${linked.outlet.id}`, { body: { name: 'Renamed' } })],
  ['an outlet is added', () => koneksi.outlet()],
  ['an outlet is removed', () => koneksi.call('DELETE', `/outlets/${doomed.id}`)],
  ['a hand edits a row', () => edit(`retry_count = retry_count + 1`)],
  ['a hand edits it back', () => edit(`retry_count = 0`)],
])('as soon as %s, the next answer says so', async (_, change) => {
  const before = await raw('/outlets/status');
  await change();
  const after = await raw('/outlets/status', { 'if-none-match': before.headers.etag! });
  expect(after.status).toBe(200);
  expect(after.headers.etag).not.toBe(before.headers.etag);
  const each = await Promise.all(parsed(after).statuses.map(({ outletId }) => koneksi.status(outletId)));
  expect(parsed(after).statuses).toEqual(each);
});

function edit(set: string): Promise<unknown> {
  return koneksi.database.dataSource.query(`UPDATE wa_session SET ${set} WHERE outlet_id = $1`, [linked.outlet.id]);
}

test('a socket that dies shows before any row does', async () => {
  linked.phone.faults.end('drop');
  await page.losesLink(linked.outlet.id);
  await eventually('the document has what the outlet has', async () => {
    const { statuses } = parsed(await raw('/outlets/status'));
    const mine = statuses.find(({ outletId }) => outletId === linked.outlet.id);
    return mine?.healthy === (await koneksi.status(linked.outlet.id)).healthy;
  });
});

test('each language has its own, and each audience', async () => {
  const [id, en] = await Promise.all(
    ['id', 'en'].map((language) => raw('/outlets/status', { 'accept-language': language })),
  );
  expect(id!.headers.etag).not.toBe(en!.headers.etag);
  const { token } = await koneksi.person('USER', [linked.outlet.id]);
  const own = parsed(await raw('/outlets/status', {}, token));
  expect(own.statuses.map(({ outletId }) => outletId)).toEqual([linked.outlet.id]);
});

test.each<[string, string[]]>([
  ['city=Jakarta', ['Bare']],
  ['tag=mall', ['Bare']],
  ['status=DISCONNECTED&city=Jakarta', ['Bare']],
  ['city=Nowhere', []],
])('?%s narrows it', async (query, names) => {
  const document = parsed(await raw(`/outlets/status?${query}`));
  expect(document.statuses.map(({ outlet }) => outlet.name)).toEqual(names);
  expect(document.count).toBe(names.length);
});

test.each(['status=GREEN', 'healthy=maybe', 'sort=name'])('?%s is refused', async (query) => {
  const answer = await koneksi.call('GET', `/outlets/status?${query}`);
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
});

test('of many at once all get the same, and one change between them is in every later one', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, async (_, turn) => {
      if (turn === 20) {
        expectOk(await koneksi.call('PATCH', `/outlets/${linked.outlet.id}`, { body: { name: 'In between' } }));
        return raw('/outlets/status');
      }
      return raw('/outlets/status');
    }),
  );
  const named = (answer: Raw): string | undefined =>
    parsed(answer).statuses.find(({ outletId }) => outletId === linked.outlet.id)?.outlet.name;
  expect(named(answers[20]!)).toBe('In between');
  expect(named(await raw('/outlets/status'))).toBe('In between');
});

describe('by cursor', () => {
  type Part = Required<OutletStatusDocument>;
  const since = async (cursor: string, token?: string): Promise<Part> =>
    expectOk(await koneksi.call<Part>('GET', `/outlets/status?since=${cursor}`, { ...(token && { token }) }));

  test('a copy is the document after each answer, whatever happened in between', async () => {
    const copy = new Map<string, object>();
    const take = ({ statuses, removed, complete }: Part): void => {
      if (complete) copy.clear();
      for (const status of statuses) copy.set(status.outletId, status);
      for (const id of removed) copy.delete(id);
    };
    const first = await since('0');
    expect(first).toMatchObject({ complete: true, removed: [], count: first.statuses.length });
    take(first);
    const short = await koneksi.outlet({ name: 'Short' });
    const gone = await koneksi.outlet({ name: 'Gone' });
    let { cursor } = first;
    const told: Part[] = [];
    for (const happens of [
      () => koneksi.call('PATCH', `/outlets/${linked.outlet.id}`, { body: { name: 'By cursor' } }),
      () => koneksi.call('DELETE', `/outlets/${gone.id}`),
      () => koneksi.call('DELETE', `/outlets/${short.id}`),
    ]) {
      expectOk(await happens());
      await eventually('the copy is what there is', async () => {
        const part = await since(cursor);
        told.push(part);
        take(part);
        cursor = part.cursor;
        const whole = parsed(await raw('/outlets/status')).statuses;
        return JSON.stringify([...copy.keys()].sort()) === JSON.stringify(whole.map(({ outletId }) => outletId).sort());
      });
    }
    expect(copy.get(linked.outlet.id)).toMatchObject({ outlet: { name: 'By cursor' } });
    expect(told.some(({ complete }) => complete)).toBe(false);
    expect(told.flatMap(({ removed }) => removed)).toEqual(expect.arrayContaining([gone.id, short.id]));
    await eventually('nothing is left to tell', async () => (await since(cursor)).count === 0);
  });

  test('who sees other outlets than then, or comes from another log, gets all there is', async () => {
    const person = await koneksi.person('USER', [linked.outlet.id]);
    const theirs = await since('0', person.token);
    expect(theirs.statuses.map(({ outletId }) => outletId)).toEqual([linked.outlet.id]);
    expect(await since(theirs.cursor, person.token)).toMatchObject({ complete: false });
    expect(await since((await since('0')).cursor, person.token)).toMatchObject({ complete: true, count: 1 });
    expect(await since(theirs.cursor.split('-')[0]!, person.token)).toMatchObject({ complete: true, count: 1 });
    expect(await since('999999999999-all')).toMatchObject({ complete: true });
  });

  test.each(['since=1&status=FAILED', 'since=-1', 'since=1e3', 'since=1-%20', 'since=1&since=2'])(
    '%s is refused by name',
    async (query) => {
      const answer = await koneksi.call('GET', `/outlets/status?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { error: { fields: [{ field: 'since' }] } } });
    },
  );

  test('a history goes on from its newest entry', async () => {
    const path = `/outlets/${linked.outlet.id}/history`;
    const before = expectOk(await koneksi.call<StatusHistoryAnswer>('GET', path));
    const newest = before.entries[0]!.cursor;
    const known = expectOk(
      await koneksi.call<StatusHistoryAnswer>('GET', `${path}?since=${before.entries[1]!.cursor}`),
    );
    expect(known.entries.at(-1)).toEqual(before.entries[0]);
    expectOk(await koneksi.call('POST', `/outlets/${linked.outlet.id}/pause`));
    await eventually('the pause is among what came since', async () => {
      const { entries } = expectOk(await koneksi.call<StatusHistoryAnswer>('GET', `${path}?since=${newest}`));
      return entries.some(({ status }) => status === 'PAUSED') && entries.every(({ cursor }) => cursor > newest);
    });
  });
});
