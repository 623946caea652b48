import * as z from 'zod';

/** What people type into one line. Control characters have no place in it, and PostgreSQL refuses one of them. */
export const shortText = (maximum: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1)
    .max(maximum)
    .regex(/^\P{Cc}*$/u);
