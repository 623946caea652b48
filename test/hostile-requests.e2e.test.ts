import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Contact } from '@koneksi/contracts/contacts';
import { ERROR_CODES, type ErrorBody } from '@koneksi/contracts/errors';
import type { User } from '@koneksi/contracts/users';
import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import { AuthService } from '../src/auth/auth.service.js';
import { UserEntity } from '../src/auth/user.entity.js';
import { HOSTILE_INSTANTS, hostileText, hostileValue, rightValue, spoiltValue } from './support/hostile-values.js';
import type { JsonSchema, Sample } from './support/hostile-values.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';
import { routesOf } from './support/route-table.js';

/** `FUZZ_SEED` and `FUZZ_RUNS` try other requests, and more of them; a failure names its seed. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_251_121);
const RUNS = Number(process.env.FUZZ_RUNS ?? 40);

interface Operation {
  parameters?: { name: string; in: string; schema?: JsonSchema }[];
  requestBody?: { content: Record<string, { schema?: JsonSchema }> };
}

interface HostileRequest {
  params: Record<string, string>;
  /** Already encoded. */
  query: string;
  body: string | undefined;
  type: string;
}

let koneksi: Koneksi;
let document: OpenAPIObject;

beforeAll(async () => {
  koneksi = await Koneksi.start({ demo: true });
  document = expectOk(await koneksi.call<OpenAPIObject>('GET', '/docs/openapi.json'));
});
afterAll(() => koneksi.stop());

/** One of everything, for requests to name. */
interface Victims {
  outlet: string;
  contact: string;
  user: string;
  apiKey: string;
  blast: string;
}
let victims: Victims;

async function makeVictims(): Promise<Victims> {
  const outlet = await koneksi.outlet();
  const contact = await post<Contact>(`/outlets/${outlet.id}/contacts`, {
    phone: '081234567890',
    fields: { kota: 'x' },
  });
  // Nobody signs in as them.
  const email = `${randomUUID()}@example.com`;
  const person = { email, name: 'Orang', password: PASSWORD, role: 'USER', outletIds: [outlet.id] };
  const user = await post<User>('/users', person);
  const apiKey = await post<CreatedApiKey>('/api-keys', { name: 'Kasir', outletIds: [outlet.id] });
  const blast = await post<BlastCreated>('/blasts', {
    outletIds: [outlet.id],
    message: 'Halo',
    scheduledAt: '2999-01-01T00:00:00Z',
  });
  return { outlet: outlet.id, contact: contact.id, user: user.id, apiKey: apiKey.id, blast: blast.id };
}

async function post<T>(path: string, body: unknown): Promise<T> {
  return expectOk(await koneksi.call<T>('POST', path, { body }));
}

/** A sign-in of its own, since some routes end the one they are called with. */
async function freshToken(): Promise<string> {
  const user = await koneksi.app.dataSource.manager.findOneOrFail(UserEntity, {
    where: { email: SUPERADMIN.email },
    select: { id: true, tokenVersion: true, passwordHash: true },
  });
  const { answer } = await koneksi.app.app.get(AuthService, { strict: false }).signIn(user, null);
  return answer.accessToken;
}

const OWNERS: [RegExp, keyof Victims][] = [
  [/contact/i, 'contact'],
  [/user/i, 'user'],
  [/api-?key/i, 'apiKey'],
  [/blast|message/i, 'blast'],
  [/outlet|phone|drift/i, 'outlet'],
];

const FITTING = [
  'Nama',
  '1',
  '2026-10',
  '10:00',
  'kota',
  '2999-01-01T10:00:00Z',
  '2999-01-01T10:00',
  'orang@example.com',
  'K7QX-3M9P',
];

/** So that most requests get past the look at each field, to what lies behind. */
const mostly = (right: unknown[], odd: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });

const sample: Sample = (name, { type, format, pattern, minimum = 0, maxLength = 300 }) => {
  if (type === 'integer' || type === 'number') return fc.constantFrom(minimum, Math.max(1, minimum));
  if (/phone|number/i.test(name)) return fc.constant('0812 3456 7891');
  if (format === 'uuid') {
    const id = victims[OWNERS.find(([owner]) => owner.test(name))?.[1] ?? 'outlet'];
    return mostly([id, id.toUpperCase()], [randomUUID()]);
  }
  if (format === 'date') return mostly(['2999-01-01'], ['2026-02-30', '0000-01-01', '10000-01-01']);
  if (format === 'date-time') return mostly(['2999-01-01T10:00:00Z'], HOSTILE_INSTANTS);
  if (/password/i.test(name)) return fc.constant('correct horse battery');
  if (format === 'email') return fc.constant('orang@example.com');
  const fitting = FITTING.filter((text) => !pattern || new RegExp(pattern, 'u').test(text));
  if (fitting.length === 0) throw new Error(`Nothing in FITTING is like ${pattern}, as ${name} must be`);
  return mostly(fitting, ['x'.repeat(maxLength), '\ud83d', 'a\0b']);
};

/** What path parameters hold where they are right; longest owner first: `/outlets/:id/contacts` is the outlet's. */
function rightParameter(path: string, name: string): string {
  if (name === 'phone') return '081234567890';
  const owner = path.split(`{${name}}`)[0]!.split('/').at(-2)!;
  return victims[OWNERS.find(([pattern]) => pattern.test(owner))?.[1] ?? 'outlet'];
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Not even percent-encoding, or bytes that are no UTF-8. */
const BROKEN_ENCODINGS = ['%', '%zz', '%00', '%ED%A0%80', '%C0%80', '%FF', '..%2f', '.', '%2e%2e'];

function parameters(path: string, operation: Operation): fc.Arbitrary<Record<string, string>> {
  const named = (operation.parameters ?? []).filter((one) => one.in === 'path');
  return fc.record(
    Object.fromEntries(
      named.map(({ name, schema }) => {
        const right = schema?.enum
          ? fc.constantFrom(...(schema.enum as string[]))
          : fc.constant(rightParameter(path, name));
        const junk = fc.oneof(
          // Node refuses longer addresses before anybody reads them.
          hostileText.map((text) => encoded(text.slice(0, 300)) || '%20'),
          fc.constantFrom(...BROKEN_ENCODINGS),
        );
        return [name, fc.oneof({ weight: 4, arbitrary: right.map(encoded) }, { weight: 1, arbitrary: junk })];
      }),
    ),
  );
}

function query(operation: Operation): fc.Arbitrary<string> {
  const named = (operation.parameters ?? []).filter((one) => one.in === 'query');
  const right = named.map(({ name, schema }) =>
    rightValue(schema ?? {}, sample, name).map((value) => pair(name, value)),
  );
  const wrong = named.flatMap(({ name }) => [
    hostileText.map((text) => pair(name, text.slice(0, 300))),
    fc.constantFrom(...BROKEN_ENCODINGS).map((text) => `${name}=${text}`),
    fc.constantFrom(`${name}=1&${name}=2`, `${name}[]=1`, `${name}[a][b]=1`, `${name}[__proto__]=1`, name),
  ]);
  const anyway = fc.constantFrom('', '__proto__=1', '__proto__[a]=1', 'unknown=1', '=', '&&', '%00=%00');
  const one = named.length > 0 ? fc.oneof(...right, ...wrong) : anyway;
  return fc
    .tuple(
      fc.array(one, { maxLength: 2 }),
      fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: anyway }),
    )
    .map(([pairs, beside]) => [...pairs, beside])
    .map((pairs) => pairs.filter(Boolean).join('&'));
}

const pair = (name: string, value: unknown): string => `${name}=${encoded(String(value))}`;

const NOT_JSON = ['', '{', 'null', '"text"', '{"a":1e999}', '[[[', '\0', `${'['.repeat(50_000)}${']'.repeat(50_000)}`];
const FILES = [
  'nomor\n081234567891\n',
  '%PDF-1.7\n',
  '',
  '\0',
  'nama;nomor\nA\0;081234567891\n',
  '"',
  ',\n,\n',
  '\ufeff',
  `nama,nomor\n${'x,1\n'.repeat(500)}`,
];
const JSON_TYPE = 'application/json';

function body(operation: Operation): fc.Arbitrary<Pick<HostileRequest, 'body' | 'type'>> {
  const content = operation.requestBody?.content ?? {};
  const schema = content[JSON_TYPE]?.schema;
  const json = fc.oneof(
    ...(schema
      ? [
          { weight: 6, arbitrary: spoiltValue(schema, sample).map((value) => JSON.stringify(value)) },
          { weight: 5, arbitrary: rightValue(schema, sample).map((value) => JSON.stringify(value)) },
        ]
      : []),
    { weight: 1, arbitrary: hostileValue.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.constantFrom(...NOT_JSON) },
  );
  const file = fc.oneof(fc.constantFrom(...FILES), hostileText);
  const types = Object.keys(content).filter((type) => type !== JSON_TYPE);
  const asJson = fc.record({ body: json, type: fc.constant(JSON_TYPE) });
  if (types.length === 0) return fc.oneof({ weight: 5, arbitrary: asJson }, { weight: 1, arbitrary: none });
  return fc.oneof(asJson, fc.record({ body: file, type: fc.constantFrom(...types) }));
}
const none = fc.constant({ body: undefined, type: JSON_TYPE });

function requests(method: string, path: string, operation: Operation): fc.Arbitrary<HostileRequest> {
  const bodies = method === 'GET' ? none : body(operation);
  return fc
    .tuple(parameters(path, operation), query(operation), bodies)
    .map(([params, query, sent]) => ({ params, query, ...sent }));
}

/** What is wrong with the answer; `null` where nothing is. */
async function faultOf(method: string, path: string, request: HostileRequest): Promise<string | null> {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => request.params[name]!);
  const response = await fetch(`${koneksi.app.url}${address}${request.query && `?${request.query}`}`, {
    method,
    headers: {
      authorization: `Bearer ${koneksi.token}`,
      ...(request.body !== undefined && { 'content-type': request.type }),
    },
    ...(request.body !== undefined && { body: request.body }),
  });
  const text = await response.text();
  if (response.status < 400) return null;
  const told = `${response.status} ${text.slice(0, 300)}`;
  return response.status >= 500 || !isRefusal(text) ? told : null;
}

function isRefusal(text: string): boolean {
  const { success, error } = JSON.parse(text) as Partial<ErrorBody>;
  if (success !== false || !error || !ERROR_CODES.includes(error.code) || !error.message) return false;
  if (error.code !== 'VALIDATION_FAILED') return true;
  return !!error.fields?.length && error.fields.every(({ field, message }) => field !== '' && message !== '');
}

/** What is written is then read; what removes comes last. */
const METHODS = ['PUT', 'POST', 'PATCH', 'GET', 'DELETE'];

test('whatever is sent to whichever route, it is answered or refused in the one shape', async () => {
  const routes = routesOf(koneksi.app.app)
    .filter(({ path }) => !/^\/(health|metrics|docs)\b/.test(path))
    // Faults of the whole WhatsApp come last, or nothing else would meet it.
    .sort((a, b) => rank(a) - rank(b));
  expect(routes.length).toBeGreaterThan(60);
  const faults: string[] = [];
  for (const [index, { method, path }] of routes.entries()) {
    const described = `/api${path.replace(/:(\w+)/g, '{$1}')}`;
    const operation = document.paths[described]?.[method.toLowerCase() as 'get'] as Operation | undefined;
    if (!operation) throw new Error(`${method} ${path} is not in the document`);
    // What was only read is as it was.
    if (index === 0 || routes[index - 1]!.method !== 'GET') {
      koneksi.token = await freshToken();
      victims = await makeVictims();
    }
    const details = await fc.check(
      fc.asyncProperty(requests(method, described, operation), async (request) => {
        const fault = await faultOf(method, described, request);
        if (fault) throw new Error(fault);
      }),
      { seed: SEED + index, numRuns: takesInput(operation) ? RUNS : RUNS / 4, endOnFailure: true },
    );
    if (details.failed)
      faults.push(`${method} ${path} seed ${details.seed} path ${details.counterexamplePath}: ${report(details)}`);
  }
  expect(faults).toEqual([]);
  expect(koneksi.logged.filter((line) => /request \S+ failed/.test(line))).toEqual([]);
}, 480_000);

const takesInput = ({ requestBody, parameters = [] }: Operation): boolean =>
  requestBody !== undefined || parameters.some(({ in: place }) => place === 'query');

test.each(BROKEN_ENCODINGS)('an address with %s in it is refused in the same shape', async (broken) => {
  const request = { params: { id: broken }, query: '', body: undefined, type: JSON_TYPE };
  expect(await faultOf('GET', '/api/outlets/{id}/status', request)).toBeNull();
});

test('an id in upper case is the same id', async () => {
  victims = await makeVictims();
  const routes = Object.entries(document.paths).filter(([path, { get }]) => get && path.includes('{id}'));
  expect(routes.length).toBeGreaterThan(10);
  for (const [path] of routes) {
    const right = path.slice('/api'.length).replace('{id}', rightParameter(path, 'id'));
    const [lower, upper] = await Promise.all(
      [right, right.replace(/[0-9a-f-]{36}/, (id) => id.toUpperCase())].map((address) => statusOf(address)),
    );
    expect([path, upper]).toEqual([path, lower]);
  }
});

async function statusOf(address: string): Promise<number> {
  const response = await fetch(`${koneksi.app.url}/api${address}`, {
    headers: { authorization: `Bearer ${koneksi.token}` },
  });
  await response.body?.cancel();
  return response.status;
}

const rank = ({ method, path }: { method: string; path: string }): number =>
  METHODS.indexOf(method) + (path.startsWith('/demo') ? METHODS.length : 0);

function report({ counterexample, errorInstance }: fc.RunDetails<[HostileRequest]>): string {
  return `${JSON.stringify(counterexample).slice(0, 600)} → ${(errorInstance as Error).message}`;
}
