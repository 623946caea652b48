import { expect, test } from '@jest/globals';
import { CreateOutlet } from '@koneksi/contracts/outlets';
import { CreateUser } from '@koneksi/contracts/users';
import * as z from 'zod';
import { SchemaValidationPipe, parseOrRefuse } from './schema-validation.pipe.js';
import { ValidationFailed } from './validation-failed.js';

function refusal(schema: z.ZodType, value: unknown): ValidationFailed {
  try {
    parseOrRefuse(schema, value);
  } catch (error) {
    if (error instanceof ValidationFailed) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const wrongFields = (schema: z.ZodType, value: unknown) => refusal(schema, value).problems.map(({ field }) => field);

test('names every wrong field at once, by its path', () => {
  const value = { email: 'nobody', name: '', password: 'short', role: 'BOSS', outletIds: ['x'] };
  expect(wrongFields(CreateUser, value)).toEqual(['email', 'name', 'password', 'role', 'outletIds.0']);
});

test('refuses fields it does not know, each by name, even __proto__', () => {
  const outlet: unknown = JSON.parse(
    '{"name":"A","whatsappNumber":"0812345678","id":"1","revision":2,"__proto__":{"x":1}}',
  );
  expect(wrongFields(CreateOutlet, outlet)).toEqual(['id', 'revision', '__proto__']);
});

test('names twenty wrong fields and stops, however many there are, by names of a bearable length', () => {
  const unknown = Object.fromEntries(Array.from({ length: 22_000 }, (_, nth) => [`${nth}${'x'.repeat(200)}`, 1]));
  expect(wrongFields(CreateOutlet, { name: 'A', whatsappNumber: '0812345678', ...unknown })).toEqual(
    Object.keys(unknown)
      .slice(0, 20)
      .map((name) => name.slice(0, 100)),
  );
  const list = z.array(z.uuid());
  const started = performance.now();
  expect(
    refusal(
      list,
      Array.from({ length: 10_000 }, () => 1),
    ).problems,
  ).toHaveLength(20);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test.each([undefined, null, 'text', 7, [[]]])('refuses a body that is no object: %j', (body) => {
  expect(wrongFields(CreateOutlet, body)).toEqual(['body']);
});

test('refuses what PostgreSQL cannot keep, wherever it stands', () => {
  const schema = z.object({ search: z.string(), tags: z.array(z.string()), fields: z.record(z.string(), z.string()) });
  const value = { search: 'a\0', tags: ['whole 😀', 'half \ud83d'], fields: { kota: 'x', 'a\0': 'y' } };
  expect(wrongFields(schema, value)).toEqual(['search', 'tags.1', 'fields']);
  expect(refusal(schema, value).problems[0]?.text.en).toContain('broken character');
});

test('words each fault in both languages', () => {
  const [name, number, active] = refusal(CreateOutlet, { whatsappNumber: 'twelve', isActive: 'yes' }).problems;
  expect(name).toEqual({ field: 'name', text: { id: 'Wajib diisi.', en: 'Required.' } });
  expect(number?.text.id).toContain('nomor telepon');
  expect(number?.text.en).toContain('phone number');
  expect(active?.text).toEqual({ id: 'Jenis nilainya salah.', en: 'The value has the wrong type.' });
});

test('keeps the words of a schema that speaks for itself', () => {
  const [problem] = refusal(
    z.string().refine(() => false, 'only on Sundays'),
    'today',
  ).problems;
  expect(problem?.text).toEqual({ id: 'only on Sundays', en: 'only on Sundays' });
});

test('hands on what the schema makes of the value', () => {
  const outlet = new SchemaValidationPipe().transform(
    { name: ' Jakarta ', whatsappNumber: '0812-3456-789' },
    { type: 'body', schema: CreateOutlet },
  );
  expect(outlet).toEqual({
    name: 'Jakarta',
    whatsappNumber: '628123456789',
    isActive: true,
    autoReconnect: true,
    city: null,
    tags: [],
  });
});

test('takes no body for an empty one', () => {
  const pipe = new SchemaValidationPipe();
  const schema = z.strictObject({ method: z.string().default('qr') });
  expect(pipe.transform(undefined, { type: 'body', schema })).toEqual({ method: 'qr' });
  expect(() => pipe.transform(undefined, { type: 'query', schema })).toThrow(ValidationFailed);
  expect(() => pipe.transform(null, { type: 'body', schema })).toThrow(ValidationFailed);
});

test('leaves parameters without a schema alone', () => {
  expect(new SchemaValidationPipe().transform('as it is', { type: 'param' })).toBe('as it is');
});
