import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { FIELD_TEXTS, fieldText, ownTexts } from '@koneksi/contracts/field-texts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import * as z from 'zod';
import { unkeepableAt } from './keepable.js';
import { fieldProblem, ValidationFailed, type FieldProblem } from './validation-failed.js';

/** Whoever sent more wrong fields has another program than the one they think of. */
const MAX_PROBLEMS = 20;
/** Some of them inside shapes that were not meant. */
const MAX_WORDED = 100;
const LONGEST_NAME = 100;
/** Stands in front of where a message is noted; no schema of ours says it. */
const NOTED = '\u0001';

/** Checks every parameter that names a schema: `@Body({ schema: CreateOutlet })`. */
@Injectable()
export class SchemaValidationPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    // No body at all is an empty one: what it lacks is then named field by field.
    return parseOrRefuse(schema, type === 'body' && value === undefined ? {} : value);
  }
}

/** The parsed value, or `VALIDATION_FAILED` naming what is wrong: the first `MAX_PROBLEMS` of it. */
export function parseOrRefuse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const texts = new Texts();
  // Only here, while parsing, does zod still hold the value that was wrong.
  const parsed = schema.safeParse(value, { error: (issue) => texts.note(issue) });
  if (parsed.success) return keepable(parsed.data);
  const problems: FieldProblem[] = [];
  for (const issue of parsed.error.issues) {
    for (const shaped of ofChosenShape(issue)) problems.push(...problemsOf(shaped, texts));
    if (problems.length >= MAX_PROBLEMS) break;
  }
  throw new ValidationFailed(problems.slice(0, MAX_PROBLEMS));
}

/** What schemas found wrong, in both languages: zod's own messages have one. */
class Texts {
  private readonly noted: Record<Locale, string>[] = [];

  /** Of ten thousand faults nobody reads the last; they are not worded. */
  note(issue: Parameters<typeof fieldText>[0]): string {
    if (this.noted.length >= MAX_WORDED) return '';
    this.noted.push({ id: fieldText(issue, 'id'), en: fieldText(issue, 'en') });
    return `${NOTED}${this.noted.length - 1}`;
  }

  /** A schema's own message is in one language; the code beside it has both. */
  of(issue: z.core.$ZodIssue): Record<Locale, string> {
    const own = ownTexts(issue);
    if (own) return own;
    const { message } = issue;
    const noted = message.startsWith(NOTED) ? this.noted[Number(message.slice(NOTED.length))] : undefined;
    return noted ?? (message === '' ? FIELD_TEXTS.INVALID : { id: message, en: message });
  }
}

/** No text reaches the database that it cannot keep, whatever the schema thought of it. */
function keepable<Parsed>(parsed: Parsed): Parsed {
  const broken = unkeepableAt(parsed);
  if (broken.length === 0) return parsed;
  throw new ValidationFailed(broken.slice(0, MAX_PROBLEMS).map((path) => fieldProblem(fieldName(path), 'CHARACTERS')));
}

/** Of several shapes a value may have, what is wrong with the one it has, where it has one. */
function ofChosenShape(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const chosen = issue.errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 && code !== 'unrecognized_keys'),
  );
  return chosen?.flatMap((inner) => ofChosenShape({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

function problemsOf(issue: z.core.$ZodIssue, texts: Texts): FieldProblem[] {
  const text = texts.of(issue);
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, MAX_PROBLEMS).map((key) => [key]) : [[]];
  return keys.map((key) => ({ field: fieldName([...issue.path, ...key]), text }));
}

/** `outletIds.0`; `body` where the request as a whole is no object. */
function fieldName(path: PropertyKey[]): string {
  return path.map(String).join('.').slice(0, LONGEST_NAME) || 'body';
}
