import { LINK_NAMESPACE } from '@koneksi/contracts/reconnect-links';
import * as z from 'zod';
import { ALL_CLIENT_EVENTS, ALL_SERVER_EVENTS } from './all-events.js';

type Json = Record<string, unknown>;

const channelId = (event: string): string => event.replace(':', '-');

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/** The socket events as AsyncAPI 3, from the schemas that validate and type them. */
export function buildAsyncApi(version: string): Json {
  const channels: Json = {};
  const operations: Json = {};
  const messages: Json = {};
  const addMessage = (name: string, schema: Json, summary?: string): Json => {
    messages[name] = { name, payload: schema, ...(summary && { summary }) };
    return { $ref: `#/components/messages/${name}` };
  };
  for (const [event, schema] of Object.entries(ALL_SERVER_EVENTS)) {
    const id = channelId(event);
    channels[id] = {
      address: event,
      messages: { [id]: addMessage(id, schemaOf(schema, 'output'), schema.description) },
    };
    operations[`receive-${id}`] = { action: 'send', channel: { $ref: `#/channels/${id}` } };
  }
  for (const [event, { request, answer }] of Object.entries(ALL_CLIENT_EVENTS)) {
    const id = channelId(event);
    channels[id] = {
      address: event,
      messages: {
        [id]: addMessage(id, schemaOf(request, 'input')),
        [`${id}-answer`]: addMessage(`${id}-answer`, schemaOf(answer, 'output'), answer.description),
      },
    };
    operations[`send-${id}`] = {
      action: 'receive',
      channel: { $ref: `#/channels/${id}` },
      messages: [{ $ref: `#/channels/${id}/messages/${id}` }],
      reply: {
        channel: { $ref: `#/channels/${id}` },
        messages: [{ $ref: `#/channels/${id}/messages/${id}-answer` }],
      },
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Koneksi events',
      version,
      description:
        'Socket.IO, same origin, namespace `/`. Handshake `auth: { token }`: an access token or an API key, else refused with `UNAUTHENTICATED`; with `TOO_MANY_CONNECTIONS` where the caller has too many open already. ' +
        'Sentences come in the language of `auth: { locale }`, `id` or `en`; without one, in that of the `Accept-Language` header, else in Indonesian. ' +
        'A snapshot follows the connect; numbered changes follow the snapshot; `outlet-status:resume` brings what was missed. ' +
        `Whoever has a reconnect link comes to the namespace \`${LINK_NAMESPACE}\` with its token, and is refused with \`LINK_GONE\`: ` +
        'there `reconnect-link:changed`, QR and code of that outlet are told without asking, and `reconnect-link:connect` is all that is heard.',
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages },
  };
}
