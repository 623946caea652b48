import * as z from 'zod';

/** `USER` sees exactly the outlets assigned to them; the other two see all. Only `SUPERADMIN` manages users. */
export const ROLES = ['SUPERADMIN', 'ADMIN', 'USER'] as const;

export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;
