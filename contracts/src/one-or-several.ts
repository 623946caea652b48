import * as z from 'zod';

/** One name of these in a query, or several with commas between. */
export const oneOrSeveral = <const Names extends readonly string[]>(names: Names) =>
  z
    .string()
    .max(200)
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(names)));
