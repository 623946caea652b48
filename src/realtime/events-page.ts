import { LINK_NAMESPACE } from '@koneksi/contracts/reconnect-links';
import * as z from 'zod';
import { ALL_CLIENT_EVENTS, ALL_SERVER_EVENTS } from './all-events.js';

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const pretty = (schema: z.ZodType, io: 'input' | 'output'): string => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return escape(JSON.stringify(rest, null, 2));
};

const section = (event: string, about: string, parts: [string, string][]): string => `
  <section id="${event}">
    <h2><code>${event}</code></h2>
    <p>${escape(about).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>
    ${parts.map(([label, schema]) => `<details><summary>${label}</summary><pre>${schema}</pre></details>`).join('')}
  </section>`;

/** The events as a plain page: it needs no script, so the strict content policy holds here too. */
export function renderEvents(): string {
  const facts = Object.entries(ALL_SERVER_EVENTS).map(([event, schema]) =>
    section(event, schema.description ?? '', [['payload', pretty(schema, 'output')]]),
  );
  const commands = Object.entries(ALL_CLIENT_EVENTS).map(([event, { request, answer }]) =>
    section(event, answer.description ?? 'Acknowledged.', [
      ['payload', pretty(request, 'input')],
      ['acknowledgement', pretty(answer, 'output')],
    ]),
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Koneksi events</title>
    <style>
      :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
      body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
      pre { overflow-x: auto; padding: 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 8px; font-size: 13px; }
      summary { cursor: pointer; padding: 0.25rem 0; }
      h2 { font-size: 1.1rem; margin: 2rem 0 0; }
    </style>
  </head>
  <body>
    <h1>Koneksi events</h1>
    <p>Socket.IO on the same origin, namespace <code>/</code>. Handshake <code>auth: { token }</code>, an access token or an
    API key; with the token of a reconnect link namespace <code>${LINK_NAMESPACE}</code>. For programs: <a href="asyncapi.json">asyncapi.json</a>. REST: <a href="../docs">OpenAPI</a>.</p>
    <h1>From the server</h1>${facts.join('')}
    <h1>To the server</h1>${commands.join('')}
  </body>
</html>`;
}
