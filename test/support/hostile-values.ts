import fc from 'fast-check';

/** As much of JSON Schema as `z.toJSONSchema` writes. */
export interface JsonSchema {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

/** What a field of this name and schema may hold, its utmost included. */
export type Sample = (name: string, schema: JsonSchema) => fc.Arbitrary<unknown>;

const deep = (depth: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
};

/** Instants at the ends of what ISO 8601, JavaScript and PostgreSQL each can say. */
export const HOSTILE_INSTANTS = [
  '0000-01-01T00:00:00Z',
  '0000-12-31T23:59:59+14:00',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59-14:00',
  '2026-01-01T00:00:00+23:59',
  '2026-01-01T00:00:00-23:59',
  '+9999999-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T00:00:60Z',
];

/** Texts that a program takes for something else, cannot keep, or chokes on. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  'Toko\0',
  '\ud83d',
  'x\udc00y',
  '\u202egnp.exe',
  '\u0001\u001f\u007f',
  'a'.repeat(300),
  '😀'.repeat(5_000),
  'x'.repeat(100_000),
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-1',
  '9999999999999999999999',
  '1e308',
  '0x10',
  '٣',
  "'; DROP TABLE users; --",
  '%',
  '\\',
  '{{nama',
  '{{constructor}}',
  '${1}',
  '../../etc/passwd',
  ...HOSTILE_INSTANTS,
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ...['[true,"\\u0000","00000000-0000-4000-8000-000000000000"]', '["0000-01-01T00:00:00Z","1"]', '[[[[]]]]', '{}'].map(
    (text) => Buffer.from(text).toString('base64url'),
  ),
  '0000-01-01T00:00:00Z_00000000-0000-4000-8000-000000000000',
  'day 1_00000000-0000-4000-8000-000000000000',
];

/** What JSON can say besides texts, and no field expects. */
const HOSTILE_VALUES: unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  [],
  {},
  [[]],
  [null],
  ['\0'],
  { '\0': '\0' },
  { length: 1 },
  JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}'),
  { $ne: null },
  Array.from({ length: 5_000 }, (_, index) => index),
  deep(500),
];

export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

export const hostileValue = fc.oneof(
  { weight: 5, arbitrary: hostileText },
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_VALUES) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** A right value for this schema. */
export function rightValue(schema: JsonSchema, sample: Sample, name = ''): fc.Arbitrary<unknown> {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return fc.oneof(...alternatives.map((one) => rightValue(one, sample, name)));
  if (schema.allOf) return rightValue(Object.assign({}, ...schema.allOf) as JsonSchema, sample, name);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return rightObject(schema, sample);
    case 'array':
      return fc.array(rightValue(schema.items ?? {}, sample, name), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return sample(name, schema);
  }
}

function rightObject(schema: JsonSchema, sample: Sample): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, rightValue(one, sample, key)])),
    { requiredKeys: required, noNullPrototype: true },
  );
  if (typeof additionalProperties !== 'object') return known;
  return fc.dictionary(fc.constantFrom('kota', 'ukuran'), rightValue(additionalProperties, sample, 'value'), {
    noNullPrototype: true,
  });
}

/** A right value with something hostile in one or more of its places, or beside them. */
export function spoiltValue(schema: JsonSchema, sample: Sample): fc.Arbitrary<unknown> {
  const spoil = fc.tuple(fc.nat(), hostileValue);
  return fc
    .tuple(rightValue(schema, sample), fc.array(spoil, { minLength: 1, maxLength: 2 }), fc.boolean())
    .map(([value, spoils, beside]) =>
      spoils.reduce<unknown>((spoilt, [place, junk], index) => {
        if (beside && index === 1) return isObject(spoilt) ? { ...spoilt, [String(place)]: junk } : spoilt;
        return replaceLeaf(spoilt, place, junk);
      }, value),
    );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Goes down as `place` says, and puts `junk` where it ends. */
function replaceLeaf(value: unknown, place: number, junk: unknown): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0) return junk;
  const spoilt = structuredClone(value) as Record<string, unknown>;
  const key = keys[place % keys.length]!;
  const next = Math.floor(place / keys.length);
  // One time in three a whole branch goes rather than a leaf of it.
  spoilt[key] = next % 3 === 0 ? junk : replaceLeaf(spoilt[key], next, junk);
  return spoilt;
}
