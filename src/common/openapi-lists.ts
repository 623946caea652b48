import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schema = Record<string, unknown> & { properties?: Record<string, unknown> };

const NEXT = { $ref: '#/components/schemas/Next' };
const AFTER = { $ref: '#/components/parameters/After' };

/** What all lists have in common is said once and named, so that one piece of a client pages through each of them. */
export function nameWhatListsShare(document: OpenAPIObject): void {
  const lists = Object.values(document.paths).flatMap(({ get }) => (get && shapesOf(get).length > 0 ? [get] : []));
  if (lists.length === 0) return;
  const { schemas, parameters } = document.components ?? {};
  document.components = {
    ...document.components,
    schemas: {
      ...schemas,
      Next: { type: 'string', nullable: true, description: '`after` for the next page; `null` on the last.' },
    },
    parameters: {
      ...parameters,
      After: { in: 'query', name: 'after', description: '`next` of the page before.', schema: { type: 'string' } },
    },
  };
  for (const list of lists) {
    for (const { properties } of shapesOf(list)) properties!['next'] = NEXT;
    list.parameters = list.parameters?.map((parameter) => {
      const isAfter = 'in' in parameter && parameter.in === 'query' && parameter.name === 'after';
      return isAfter ? AFTER : parameter;
    });
  }
}

/** Of what an operation answers, the objects that name a next page. */
function shapesOf({ responses }: Operation): Schema[] {
  const ok = responses['200'] as { content?: Record<string, { schema?: Schema }> } | undefined;
  const schema = ok?.content?.['application/json']?.schema;
  const choices = (schema?.['anyOf'] ?? schema?.['oneOf'] ?? [schema]) as (Schema | undefined)[];
  return choices.filter((choice): choice is Schema => choice?.properties?.['next'] !== undefined);
}
