import { createRequire } from 'node:module';
import type * as AsyncApiParser from '@asyncapi/parser';
import { expect, test } from '@jest/globals';
import { ALL_CLIENT_EVENTS, ALL_SERVER_EVENTS } from './all-events.js';
import { buildAsyncApi } from './asyncapi.js';
import { renderEvents } from './events-page.js';

// The parser is CommonJS with a bundled copy of its own schemas.
const { Parser } = createRequire(import.meta.url)('@asyncapi/parser') as typeof AsyncApiParser;

test('the document is valid AsyncAPI and names every event', async () => {
  const document = buildAsyncApi('1.0.0');
  const { diagnostics } = await new Parser().parse(JSON.stringify(document));
  expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  const addresses = Object.values(document['channels'] as Record<string, { address: string }>).map(
    ({ address }) => address,
  );
  expect(addresses.sort()).toEqual([...Object.keys(ALL_SERVER_EVENTS), ...Object.keys(ALL_CLIENT_EVENTS)].sort());
});

test('the page tells of every event', () => {
  const page = renderEvents();
  for (const event of [...Object.keys(ALL_SERVER_EVENTS), ...Object.keys(ALL_CLIENT_EVENTS)])
    expect(page).toContain(`<code>${event}</code>`);
});
