import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { Contact } from '@koneksi/contracts/contacts';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { OpenAPIObject } from '@nestjs/swagger';
import { addContacts, Blasts } from './support/blasts.js';
import { expectOk, Koneksi, type Answer } from './support/koneksi.js';
import { browserAt } from './support/push-service.js';

/** Lists that do not page, and why. Whoever adds to it says so in docs/integrate.md too. */
const WHOLE: Record<string, string> = {
  '/outlets/status':
    'the whole truth at once, as the contract fixes it: narrowed by filters, 304 while nothing changes',
  '/outlets/timeline': 'the strips beside the status document, one for each of its outlets',
  '/outlets/{id}/status': 'not a list: one element of the document, with its warnings',
  '/outlets/{id}/contacts/tags': 'words in use, with how often; at most as many as people can choose from',
  '/blasts/vocabulary': 'fields and tags in use, as above',
  '/blasts/{id}/forecast': 'not a list: one answer with a line for each outlet of one blast',
  '/blasts/{id}/timeline': 'not a list: one drawing of one blast',
  '/alert-channels': 'as many as there are roads: four',
  '/opt-outs/{phone}': 'not a list: one number and its ledger',
  '/customers/{phone}/data': 'not a list: all that is known of one person, as a file',
  '/client-version': 'not a list: one version and when it was asked for',
  '/nodes': 'as many as there are processes',
  '/quotas': 'as many as there are quotas',
};

/** Figures of a window in a fixed number of parts, and the ten worst: no lists, though they have lines. */
const FIGURES = /^\/(outlets\/\{id\}\/)?uptime\b/;

/** Were whole before there were pages: they answer a page to whoever asks for one. */
const WERE_WHOLE = ['/outlets', '/users', '/api-keys'];

interface Schema {
  $ref?: string;
  type?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
}
interface Parameter {
  $ref?: string;
  in?: string;
  name?: string;
  schema?: Schema;
}
interface Route {
  path: string;
  answer: Schema;
  parameters: Parameter[];
}

let koneksi: Koneksi;
let outlet: Outlet;
let lists: Route[];
let ids: Record<string, string>;
/** Some weeks away, whenever this is run: minutes before its time a repeating blast makes one that these lists would hold. */
const FAR_DAY = 1 + ((new Date().getUTCDate() + 14) % 28);

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { EGRESS_ALLOW: '127.0.0.1/32' } });
  const response = await fetch(`${koneksi.app.url}/api/docs/openapi.json`);
  lists = listsOf((await response.json()) as OpenAPIObject);
  await furnish();
}, 120_000);
afterAll(() => koneksi.stop());

/** Whatever answers several of a kind: an array, or an object with an array of objects in it, and not by an id. */
function listsOf(document: OpenAPIObject): Route[] {
  return Object.entries(document.paths).flatMap(([path, { get }]) => {
    const responses = (get?.responses ?? {}) as Record<string, { content?: Record<string, { schema?: Schema }> }>;
    const answer = responses['200']?.content?.['application/json']?.schema;
    if (!answer || !isSeveral(answer) || /\{id\}$/.test(path)) return [];
    return [{ path: path.replace('/api', ''), answer, parameters: (get?.parameters ?? []) as Parameter[] }];
  });
}

function isSeveral(schema: Schema): boolean {
  if (schema.anyOf) return schema.anyOf.some(isSeveral);
  if (schema.type === 'array') return true;
  return Object.values(schema.properties ?? {}).some(({ type, items }) => type === 'array' && items?.properties);
}

/** Three of each, so that a page of two is not the last. */
async function furnish(): Promise<void> {
  const post = async <T>(path: string, body: object): Promise<T> =>
    expectOk(await koneksi.call<T>('POST', path, { body }));
  outlet = (await koneksi.linked(await koneksi.dashboard())).outlet;
  for (let more = 0; more < 2; more++) await koneksi.outlet();
  for (let more = 0; more < 2; more++) await koneksi.person('ADMIN');
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const phones = await addContacts(where, outlet.id, 0, 3);
  for (let more = 0; more < 3; more++) {
    await post<CreatedApiKey>('/api-keys', { name: `key ${more}`, role: 'ADMIN' });
    await post('/webhooks', { url: 'http://127.0.0.1:8099/', events: ['outlet.status.changed'] });
    await post(`/outlets/${outlet.id}/reconnect-links`, {});
    await post('/alert-rules', { name: `rule ${more}`, recipients: [{ channel: 'email', to: 'a@example.com' }] });
    await post('/push-subscriptions', browserAt(`http://127.0.0.1:9/${more}`));
    await post('/saved-messages', { name: `saved ${more}`, message: 'Kabar' });
    await post('/repeating-blasts', {
      outletIds: [outlet.id],
      title: `monthly ${more}`,
      message: 'Kabar bulan ini',
      noWayOut: 'Untuk tes ini',
      rule: { every: 'month', day: FAR_DAY, time: '12:00' },
    });
    await post('/opt-outs', { phone: `62811000000${more}`, outletId: outlet.id });
    const gone = await koneksi.outlet();
    expectOk(await koneksi.call('DELETE', `/outlets/${gone.id}`));
    const contact = await post<Contact>(`/outlets/${outlet.id}/contacts`, { phone: `0812900000${more}0` });
    expectOk(await koneksi.call('DELETE', `/contacts/${contact.id}`));
  }
  const blasts = new Blasts(koneksi);
  const blast = await blasts.create({ outletIds: [outlet.id], message: 'Satu', audience: { phones } });
  const more = { outletIds: [outlet.id], audience: { phones } };
  // Nothing moves any more while pages of it are compared.
  for (const id of [
    blast,
    ...(await Promise.all(['Dua', 'Tiga'].map((message) => blasts.create({ ...more, message })))),
  ])
    await blasts.delivered(id);
  await koneksi.database.dataSource.query(
    `INSERT INTO held_wishes (number, outlet_id, outlet_name, words, at)
     SELECT '62899' || n, $1, 'Outlet', 'tidak minat', date_trunc('milliseconds', now()) FROM generate_series(1, 3) AS n`,
    [outlet.id],
  );
  await koneksi.database.dataSource.query(
    `INSERT INTO incident (id, code, params, started_at, last_fell_at)
     SELECT gen_random_uuid(), 'LOGGED_OUT', '{}', now() - n * interval '1 hour', now() - n * interval '1 hour' FROM generate_series(1, 3) AS n`,
  );
  await koneksi.database.dataSource.query(
    `INSERT INTO incident_outlet (incident_id, outlet_id, name, since, until)
     SELECT id, $1, 'Outlet', started_at, started_at FROM incident`,
    [outlet.id],
  );
  ids = { '/outlets': outlet.id, '/blasts': blast, '/webhooks': (await page('/webhooks')).items[0]!.id };
}

/** With the id of something of its kind. */
const addressOf = (path: string): string =>
  path.replace(/^(\/\w+)\/\{id\}/, (_, kind: string) => `${kind}/${ids[kind]}`);

async function page(path: string): Promise<{ items: { id: string }[]; next: string | null }> {
  const body = expectOk(await koneksi.call<Record<string, unknown>>('GET', path));
  const items = Object.values(body).find(Array.isArray) as { id: string }[];
  return { items, next: body['next'] as string | null };
}

const paged = (): Route[] => lists.filter(({ path }) => WHOLE[path] === undefined && !FIGURES.test(path));

describe('every list that may grow', () => {
  test('is known', () => {
    expect(paged().map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/outlets', '/users', '/blasts', '/opt-outs', '/incidents', '/outlets/{id}/history']),
    );
  });

  test('says in OpenAPI how it pages, by what all share', () => {
    const faults = paged().flatMap(({ path, answer, parameters }) => {
      const shape = answer.anyOf?.find(({ type }) => type === 'object') ?? answer;
      const limit = parameters.find(({ name }) => name === 'limit')?.schema;
      return [
        ...(shape.properties?.['next']?.$ref === '#/components/schemas/Next' ? [] : [`${path}: next`]),
        ...(parameters.some(({ $ref }) => $ref === '#/components/parameters/After') ? [] : [`${path}: after`]),
        ...(limit?.minimum === 1 && limit.maximum! <= 1_000 ? [] : [`${path}: limit`]),
      ];
    });
    expect(faults).toEqual([]);
  });

  test('goes through everything once, a page at a time', async () => {
    const seen: Record<string, number> = {};
    for (const { path } of paged()) {
      const all: string[] = [];
      let after = '';
      do {
        const { items, next } = await page(`${addressOf(path)}?limit=2${after}`);
        expect([path, next]).toEqual([path, next === null ? null : expect.any(String)]);
        expect(items.length).toBeLessThanOrEqual(2);
        all.push(...items.map((item) => JSON.stringify(item)));
        after = next === null ? '' : `&after=${encodeURIComponent(next)}`;
      } while (after !== '');
      expect([path, new Set(all).size]).toEqual([path, all.length]);
      seen[path] = all.length;
    }
    // What nothing was made of here has its own tests.
    const few = Object.entries(seen).filter(([path, count]) => count < 3 && !/deliveries|history/.test(path));
    expect(few).toEqual([]);
  });

  test('refuses pages that there are not, and says which part of the question is wrong', async () => {
    for (const { path } of paged()) {
      for (const [field, text] of [
        ['limit', '0'],
        ['limit', '-1'],
        ['limit', '1001'],
        ['limit', 'all'],
        ['limit', '1.5'],
        ['after', 'nonsense'],
        ['after', Buffer.from('[null]').toString('base64url')],
        ['page', '2'],
      ]) {
        const answer: Answer<{ error: { fields: { field: string }[] } }> = await koneksi.call(
          'GET',
          `${addressOf(path)}?${field}=${text}`,
        );
        const told = answer.body.error?.fields?.map((fault) => fault.field);
        expect([path, `${field}=${text}`, answer.status, told]).toEqual([path, `${field}=${text}`, 400, [field]]);
      }
    }
  });
});

test.each(WERE_WHOLE)('GET %s is the array it was, for who asks for no page', async (path) => {
  const whole = expectOk(await koneksi.call<object[]>('GET', path));
  expect(whole.length).toBeGreaterThanOrEqual(3);
  const { items, next } = await page(`${path}?limit=1000`);
  expect([items.length, next]).toEqual([whole.length, null]);
});

test('outlets are narrowed by what they are called, their number, city and tag', async () => {
  const made = await koneksi.outlet({ name: 'Toko Kemang', city: 'Jakarta', tags: ['Mall'] });
  const local = `0${made.whatsappNumber.slice(2, 6)}-${made.whatsappNumber.slice(6)}`;
  for (const query of ['search=kemang', `search=${local}`, 'city=Jakarta', 'tag=Mall', 'city=Jakarta&limit=1']) {
    const found = expectOk(await koneksi.call<Outlet[] | { items: Outlet[] }>('GET', `/outlets?${query}`));
    expect([query, 'items' in found ? found.items : found]).toEqual([query, [made]]);
  }
  expect((await page('/users?role=ADMIN&limit=10')).items).toHaveLength(2);
});

test('blasts are narrowed by their status, and `before` goes on as `after` does', async () => {
  const { next } = await page('/blasts?limit=1');
  expect(await page(`/blasts?limit=1&before=${next}`)).toEqual(await page(`/blasts?limit=1&after=${next}`));
  expect((await page('/blasts?status=scheduled,paused')).items).toEqual([]);
  expect((await page('/blasts?status=running,finished')).items).toHaveLength(3);
});
