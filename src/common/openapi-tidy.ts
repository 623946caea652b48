import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = Extract<NonNullable<Operation['parameters']>[number], { in: string }>;
type Schema = Record<string, unknown>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const REFUSAL = '#/components/schemas/ErrorBody';
const BINARY = 'binary';

/** Headers that some routes read and none needs. */
const HEADERS: Record<string, { name: string; description: string }> = {
  'accept-language': { name: 'Accept-Language', description: 'Indonesian, or English with `en`.' },
  'idempotency-key': {
    name: 'Idempotency-Key',
    description:
      'Same key, same request: done once, and answered alike for 24 hours with the header `Idempotent-Replayed: true`. ' +
      'Another request under it is 409 `IDEMPOTENCY_CONFLICT`; one that is being worked on is 409 ' +
      '`IDEMPOTENCY_IN_PROGRESS` with `Retry-After`.',
  },
  'if-match': {
    name: 'If-Match',
    description:
      'The `ETag` under which it was read: 412 `CHANGED_MEANWHILE` with `details.current`, and nothing is changed, where ' +
      'somebody edited it since.',
  },
  'if-none-match': { name: 'If-None-Match', description: 'The `ETag` of the last answer: 304 while it still holds.' },
};

const integer = { type: 'integer' } as const;
const text = { type: 'string' } as const;

/** What answers may carry besides their body. */
const ANSWER_HEADERS = {
  'RateLimit-Policy': {
    description: 'Limits that this answer counts against, by name: `q`, what there is, in how many seconds `w`.',
    schema: text,
  },
  RateLimit: {
    description: 'Of each of these what is left, `r`, and in how many seconds there is more, `t`.',
    schema: text,
  },
  'Retry-After': { description: 'When it may be asked again, in seconds.', schema: integer },
} as const;
const headerOf = (name: keyof typeof ANSWER_HEADERS): { $ref: string } => ({ $ref: `#/components/headers/${name}` });
const LIMITS = { 'RateLimit-Policy': headerOf('RateLimit-Policy'), RateLimit: headerOf('RateLimit') };
const REFUSED = { ...LIMITS, 'Retry-After': headerOf('Retry-After') };

/** What generators of clients stumble over in a document as the framework writes it, in place. */
export function tidyOpenApi(document: OpenAPIObject): void {
  document.servers = [{ url: '/', description: 'Wherever this document came from.' }];
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) if (path[method]) tidyOperation(path[method], method);
  }
  document.components = { ...document.components, headers: { ...document.components?.headers, ...ANSWER_HEADERS } };
  giveTypes(document.paths);
  giveTypes(document.components?.schemas);
}

function tidyOperation(operation: Operation, method: string): void {
  if (isDoneOnce(operation, method)) takeHeader(operation, 'idempotency-key');
  if (isEdit(operation, method)) takeHeader(operation, 'if-match');
  if (operation.parameters) operation.parameters = tidyParameters(operation.parameters as Parameter[]);
  // What anyone may call says so, as against a route where it was forgotten.
  if ((operation as { 'x-access'?: string })['x-access'] === 'public') operation.security = [];
  operation.responses['4XX'] ??= {
    description: 'A refusal that is the caller\u2019s to mend',
    content: { 'application/json': { schema: { $ref: REFUSAL } } },
  };
  for (const [status, response] of Object.entries(operation.responses))
    if (response && !('$ref' in response))
      response.headers = { ...response.headers, ...(/^[23]/.test(status) ? LIMITS : REFUSED) };
  const content = operation.requestBody && 'content' in operation.requestBody ? operation.requestBody.content : {};
  const form = content['multipart/form-data'];
  if (form?.schema && 'format' in form.schema && form.schema.format === BINARY)
    form.schema = { type: 'object', properties: { file: form.schema }, required: ['file'] };
}

/** Whatever a known caller may have changed by it. */
function isDoneOnce(operation: Operation, method: string): boolean {
  const { 'x-access': access, 'x-changes-nothing': isHarmless } = operation as Operation & Record<string, unknown>;
  return method === 'post' && access !== 'public' && isHarmless !== true;
}

/** Whatever somebody may have changed since it was read. */
function isEdit(operation: Operation, method: string): boolean {
  return (method === 'patch' || method === 'delete') && 'x-editable' in operation;
}

function takeHeader(operation: Operation, name: keyof typeof HEADERS): void {
  const header: Parameter = { in: 'header', name, schema: { type: 'string' } };
  operation.parameters = [...(operation.parameters ?? []), header];
}

/** A header that a handler reads is taken for one that it needs, and is listed beside what its decorator says of it. */
function tidyParameters(parameters: Parameter[]): Parameter[] {
  const known = new Map<string, Parameter>();
  for (const parameter of parameters) {
    const { in: place, name } = parameter;
    const header = place === 'header' ? HEADERS[name.toLowerCase()] : undefined;
    const key = `${place} ${place === 'header' ? name.toLowerCase() : name}`;
    if (!known.has(key)) known.set(key, header ? { ...parameter, ...header, required: false } : parameter);
  }
  return [...known.values()];
}

/** OpenAPI 3.0 wants a `type` beside `nullable`; of alternatives it stands in each. */
function giveTypes(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(giveTypes);
  if (typeof node !== 'object' || node === null) return;
  const schema = node as Schema;
  if (schema.nullable === true && schema.type === undefined) giveType(schema);
  Object.values(schema).forEach(giveTypes);
}

function giveType(schema: Schema): void {
  const choices = (schema.anyOf ?? schema.oneOf ?? schema.allOf) as Schema[] | undefined;
  const types = new Set(choices?.map(({ type }) => type));
  const [only] = types;
  if (types.size === 1 && typeof only === 'string') schema.type = only;
  else if (Array.isArray(schema.enum)) schema.type = typeof schema.enum.find((value) => value !== null);
}
