import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { fieldText, ownTexts } from '@koneksi/contracts/field-texts';
import * as z from 'zod';
import { unkeepableAt } from './keepable.js';
import { fieldProblem, ValidationFailed, type FieldProblem } from './validation-failed.js';

/** Checks every parameter that names a schema: `@Body({ schema: CreateOutlet })`. */
@Injectable()
export class SchemaValidationPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    // No body at all is an empty one: what it lacks is then named field by field.
    return parseOrRefuse(schema, type === 'body' && value === undefined ? {} : value);
  }
}

/** The parsed value, or `VALIDATION_FAILED` naming every wrong field. */
export function parseOrRefuse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  // Only here, while parsing, does zod still hold the value that was wrong.
  const parsed = schema.safeParse(value, { error: (issue) => fieldText(issue, 'en') });
  if (parsed.success) return keepable(parsed.data);
  const indonesian = schema.safeParse(value, { error: (issue) => fieldText(issue, 'id') });
  const inIndonesian = indonesian.error?.issues.flatMap(ofChosenShape);
  throw new ValidationFailed(
    parsed.error.issues.flatMap(ofChosenShape).flatMap((issue, index) => problemsOf(issue, inIndonesian?.[index])),
  );
}

/** No text reaches the database that it cannot keep, whatever the schema thought of it. */
function keepable<Parsed>(parsed: Parsed): Parsed {
  const broken = unkeepableAt(parsed);
  if (broken.length === 0) return parsed;
  throw new ValidationFailed(broken.map((path) => fieldProblem(fieldName(path), 'CHARACTERS')));
}

/** Of several shapes a value may have, what is wrong with the one it has, where it has one. */
function ofChosenShape(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const chosen = issue.errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 && code !== 'unrecognized_keys'),
  );
  return chosen?.flatMap((inner) => ofChosenShape({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

function problemsOf(english: z.core.$ZodIssue, indonesian: z.core.$ZodIssue | undefined): FieldProblem[] {
  // A schema's own message is in one language; the code beside it has both.
  const text = ownTexts(english) ?? { en: english.message, id: indonesian?.message ?? english.message };
  const keys = english.code === 'unrecognized_keys' ? english.keys.map((key) => [key]) : [[]];
  return keys.map((key) => ({ field: fieldName([...english.path, ...key]), text }));
}

/** `outletIds.0`; `body` where the request as a whole is no object. */
function fieldName(path: PropertyKey[]): string {
  return path.map(String).join('.') || 'body';
}
