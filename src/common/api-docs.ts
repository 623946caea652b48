import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type * as z from 'zod';

/** Says what a route does and answers; refusals have one shape everywhere, which the document states once. */
export function Describe(
  summary: string,
  ...answers: { status: number; schema?: z.ZodType; text?: string }[]
): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ...answers.map(({ status, schema, text }) =>
      ApiResponse({ status, description: text ?? '', ...(schema && { standardSchema: schema }) }),
    ),
  );
}

/** Says that a route takes a file, of which types, as its body. */
export function DescribeUpload(...types: string[]): MethodDecorator {
  return applyDecorators(ApiConsumes(...types), ApiBody({ schema: { type: 'string', format: 'binary' } }));
}
