import * as z from 'zod';
import { Id } from './id.ts';
import { OptionalPage, wholeOrPage, type WholeOrPage } from './paging.ts';
import { Role } from './roles.ts';
import { shortText } from './short-text.ts';

export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** NIST 800-63B: length counts, composition rules do not. */
export const NewPassword = z.string().min(10).max(200);
export const DisplayName = shortText(80);
export const OutletIds = z.array(Id).max(1000);

export const CreateUser = z.strictObject({
  email: Email,
  name: DisplayName,
  password: NewPassword,
  role: Role,
  outletIds: OutletIds.default([]),
  /** Somebody else knows the password: it opens nothing but the change of it. */
  mustChangePassword: z.boolean().default(false),
});
export type CreateUser = z.infer<typeof CreateUser>;

export const UpdateUser = z
  .strictObject({
    email: Email,
    name: DisplayName,
    password: NewPassword,
    role: Role,
    outletIds: OutletIds,
    /** Who is disabled cannot sign in; what they opened ends at once. */
    isDisabled: z.boolean(),
    mustChangePassword: z.boolean(),
  })
  .partial();
export type UpdateUser = z.infer<typeof UpdateUser>;

export const Language = z.enum(['id', 'en']);
export type Language = z.infer<typeof Language>;

export const Theme = z.enum(['light', 'dark', 'system']);
export type Theme = z.infer<typeof Theme>;

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** The outlets assigned; empty for roles that see all. */
  outletIds: string[];
  isDisabled: boolean;
  /** Their token is good for changing the password alone until they did. */
  mustChangePassword: boolean;
  /** Whether their log-in asks for a code besides the password. */
  hasSecondFactor: boolean;
  lastLoginAt: string | null;
  /** `id` until they choose. */
  language: Language;
  /** `system` until they choose. */
  theme: Theme;
}
export const User = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: Role,
  outletIds: z.array(z.uuid()),
  isDisabled: z.boolean(),
  mustChangePassword: z.boolean(),
  hasSecondFactor: z.boolean(),
  lastLoginAt: z.iso.datetime().nullable(),
  language: Language,
  theme: Theme,
}) satisfies z.ZodType<User>;

export const UserQuery = OptionalPage.extend({ role: Role.optional() });
export type UserQuery = z.infer<typeof UserQuery>;

export const UserList = wholeOrPage(User);
export type UserList = WholeOrPage<User>;
