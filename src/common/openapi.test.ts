import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { TestApi } from '../../test/support/test-api.js';

let api: TestApi;
let document: OpenAPIObject;
beforeAll(async () => {
  api = await TestApi.start();
  document = (await api.call('GET', '/docs/openapi.json')).body as OpenAPIObject;
});
afterAll(() => api.stop());

const operation = (path: string, method: 'get' | 'post' | 'patch' | 'delete') =>
  document.paths[`/api${path}`]![method]!;

test('anyone may read it, as a page and as JSON', async () => {
  const page = await api.call('GET', '/docs');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.body).toContain('<title>Koneksi API</title>');
  expect(document.openapi).toMatch(/^3\./);
});

test('bodies are described by the schemas that validate them', () => {
  expect(operation('/outlets', 'post').requestBody).toEqual({
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1, maxLength: 80, pattern: '^\\P{Cc}*$' },
            whatsappNumber: { type: 'string', maxLength: 40 },
            isActive: { type: 'boolean', default: true },
            autoReconnect: { type: 'boolean', default: true },
            city: expect.objectContaining({ type: 'string', maxLength: 60, nullable: true }),
            tags: expect.objectContaining({ type: 'array', maxItems: 10, default: [] }),
          },
          required: ['name', 'whatsappNumber'],
          additionalProperties: false,
        },
      },
    },
  });
});

test('answers are described, and the refusal that every route may give', () => {
  const { responses } = operation('/outlets/{id}', 'get');
  expect(responses['200']).toMatchObject({ content: { 'application/json': { schema: { type: 'object' } } } });
  expect(responses.default).toMatchObject({
    content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorBody' } } },
  });
  expect(document.components?.schemas?.ErrorBody).toMatchObject({ required: ['success', 'error'] });
});

test('says of every answer how it tells limits, and of every refusal when to come back', () => {
  const { headers } = document.components!;
  expect(Object.keys(headers!)).toEqual(['RateLimit-Policy', 'RateLimit', 'Retry-After']);
  const limits = ['RateLimit', 'RateLimit-Policy'].map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  for (const path of Object.values(document.paths))
    for (const { responses } of [path.get, path.post, path.patch, path.delete].filter((each) => each !== undefined))
      for (const [status, response] of Object.entries(responses)) {
        const told = (response as { headers: object }).headers;
        expect(told).toMatchObject(Object.fromEntries(limits));
        expect([status, 'Retry-After' in told]).toEqual([status, !/^[23]/.test(status)]);
      }
});

test('says which routes need a token, and which role', () => {
  expect(operation('/auth/login', 'post').security).toEqual([]);
  expect(operation('/outlets', 'get').security).toEqual([{ bearer: [] }]);
  expect(operation('/users', 'get')).toMatchObject({ security: [{ bearer: [] }], 'x-access': 'SUPERADMIN' });
});

test('names nothing that is not there', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name!,
  );
  expect(Object.keys(document.components?.schemas ?? {})).toEqual(expect.arrayContaining([...new Set(references)]));
});
