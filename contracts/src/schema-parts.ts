import * as z from 'zod';
import type { FieldTextCode } from './field-texts.ts';

export const Count = z.int().nonnegative();

export const keysOf = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];

export const problem = (text: FieldTextCode): { code: 'custom'; message: string; params: { text: FieldTextCode } } => ({
  code: 'custom',
  message: text,
  params: { text },
});
