import * as z from 'zod';
import { Role } from './roles.ts';

const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** NIST 800-63B: length counts, composition rules do not. */
const NewPassword = z.string().min(10).max(200);
const DisplayName = z.string().trim().min(1).max(80);
const OutletIds = z.array(z.uuid()).max(1000);

export const CreateUser = z.strictObject({
  email: Email,
  name: DisplayName,
  password: NewPassword,
  role: Role,
  outletIds: OutletIds.default([]),
});
export type CreateUser = z.infer<typeof CreateUser>;

export const UpdateUser = z
  .strictObject({ email: Email, name: DisplayName, password: NewPassword, role: Role, outletIds: OutletIds })
  .partial();
export type UpdateUser = z.infer<typeof UpdateUser>;

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** The outlets assigned; empty for roles that see all. */
  outletIds: string[];
}
export const User = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: Role,
  outletIds: z.array(z.uuid()),
}) satisfies z.ZodType<User>;
