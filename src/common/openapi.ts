import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_CODES } from '@koneksi/contracts/errors';
import * as z from 'zod';
import { nameWhatListsShare } from './openapi-lists.js';
import { tidyOpenApi } from './openapi-tidy.js';

type SchemaObject = Exclude<NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string], { $ref: string }>;

const ErrorBody = z.object({
  success: z.literal(false),
  error: z.object({
    code: z.enum(ERROR_CODES).describe('Stable; switch on this.'),
    message: z.string().describe('For people: Indonesian, or English with `Accept-Language: en`.'),
    fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    requestId: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional().describe('What some codes tell besides.'),
  }),
});

/** The REST interface, from the schemas that validate it. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Koneksi')
    .setDescription('The true WhatsApp link state of every outlet. Socket.IO events: `/api/docs/events`.')
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      description: 'An access token from `POST /api/auth/login`, or an API key (`kon_…`).',
    })
    .addGlobalResponse({
      status: 'default',
      description: 'A refusal',
      schema: { $ref: '#/components/schemas/ErrorBody' },
    })
    .build();
  const document = SwaggerModule.createDocument(app, description, {
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? { schema: toOpenApi(schema, schemaType) } : undefined,
  });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ErrorBody: toOpenApi(ErrorBody, 'output') },
  };
  tidyOpenApi(document);
  nameWhatListsShare(document);
  return document;
}

/** `/api/docs` for people and `/api/docs/openapi.json` for programs, built when first asked for. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'api/docs/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Koneksi API',
  });
}

function toOpenApi(schema: z.ZodType, io: 'input' | 'output'): SchemaObject {
  return z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) as SchemaObject;
}
