// Types of the wire as plain TypeScript, from the schemas in contracts/: for those who have neither these nor zod.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { root } from './shipped-node.mjs';

const CONTRACTS = [
  'outlet-status-schema',
  'outlet-warnings',
  'realtime',
  'outlets',
  'contacts',
  'blast-content',
  'blast-requests',
  'blast-recipients',
  'blast-settings',
  'blasts',
  'messages',
];

/** @param wanted names of types, as contracts/ exports them; what these consist of comes along */
export async function wireTypes(wanted) {
  const { schemas } = z.toJSONSchema(await registry(), { io: 'output', unrepresentable: 'any', uri: (name) => name });
  const told = new Map();
  const waiting = [...wanted].sort();
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (told.has(name)) continue;
    if (!schemas[name]) throw new Error(`No schema in contracts/ is called ${name}`);
    told.set(name, declared(name, schemas[name], waiting));
  }
  return [...told.values()].join('\n');
}

async function registry() {
  const named = z.registry();
  for (const file of CONTRACTS) {
    const exported = await import(pathToFileURL(join(root, 'contracts/src', `${file}.ts`)));
    for (const [name, value] of Object.entries(exported))
      if (value instanceof z.ZodType && !named.has(value)) named.add(value, { id: name });
  }
  const { ERROR_CODES } = await import(pathToFileURL(join(root, 'contracts/src/errors.ts')));
  named.add(z.enum(ERROR_CODES), { id: 'ErrorCode' });
  return named;
}

function declared(name, schema, waiting) {
  const text = typeOf(schema, waiting);
  const declaration = text.startsWith('{') ? `export interface ${name} ${text}` : `export type ${name} = ${text};`;
  return `${comment(schema)}${declaration}\n`;
}

/** @param waiting takes the names that the text refers to */
function typeOf(schema, waiting) {
  const { $ref, anyOf, oneOf, type, properties, additionalProperties, items } = schema;
  if ($ref !== undefined) return refer($ref, waiting);
  if (anyOf ?? oneOf) return union((anyOf ?? oneOf).map((member) => typeOf(member, waiting)));
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  if (Array.isArray(type)) return union(type.map((one) => typeOf({ ...schema, type: one }, waiting)));
  if (type === 'array') return `Array<${typeOf(items, waiting)}>`;
  if (properties) return fields(schema, waiting);
  if (type === 'object' && additionalProperties) return `Record<string, ${typeOf(additionalProperties, waiting)}>`;
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string' || type === 'boolean' || type === 'null') return type;
  throw new Error(`This cannot be said as a type: ${JSON.stringify(schema)}`);
}

function refer(name, waiting) {
  waiting.push(name);
  return name;
}

function union(members) {
  return [...new Set(members)].join(' | ');
}

function fields({ properties, required = [] }, waiting) {
  const lines = Object.entries(properties).map(([name, schema]) => {
    const text = typeOf(schema, waiting);
    return `${comment(schema)}${name}${required.includes(name) ? `: ${text}` : `?: ${text} | undefined`};`;
  });
  return `{\n${lines.join('\n')}\n}`;
}

function comment({ description }) {
  return description ? `/** ${description} */\n` : '';
}
