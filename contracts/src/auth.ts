import * as z from 'zod';
import { RequestInstant } from './instant.ts';
import { wholeOrPage, type WholeOrPage } from './paging.ts';
import { Role } from './roles.ts';
import { Scope, SCOPES } from './scopes.ts';
import { DisplayName, Language, NewPassword, OutletIds, Theme, User } from './users.ts';

export const LoginRequest = z.strictObject({ email: z.string().trim().max(254), password: z.string().max(200) });
export type LoginRequest = z.infer<typeof LoginRequest>;

/** The refresh token is not here: it travels as an httpOnly cookie only. */
export interface LoginAnswer {
  accessToken: string;
  /** Seconds until the access token ends. */
  expiresIn: number;
  user: User;
}
export const LoginAnswer: z.ZodType<LoginAnswer> = z.object({
  accessToken: z.string(),
  expiresIn: z.int(),
  user: User,
});

/** Whoever the token speaks for: a user, or an API key, which has no email and nothing to set. */
export type Me =
  ({ kind: 'user' } & User) | ({ kind: 'api-key'; email: null } & Pick<User, 'id' | 'name' | 'role' | 'outletIds'>);
export const Me: z.ZodType<Me> = z.discriminatedUnion('kind', [
  User.extend({ kind: z.literal('user') }),
  User.pick({ id: true, name: true, role: true, outletIds: true }).extend({
    kind: z.literal('api-key'),
    email: z.null(),
  }),
]);

/** What people change about themselves. */
export const UpdateMe = z.strictObject({ name: DisplayName, language: Language, theme: Theme }).partial();
export type UpdateMe = z.infer<typeof UpdateMe>;

export const ChangePassword = z.strictObject({ currentPassword: z.string().max(200), newPassword: NewPassword });
export type ChangePassword = z.infer<typeof ChangePassword>;

/** What shows that a session is still in the hands of whoever logged in. */
export type ProofKind = 'password' | 'code';

/** `code`, of the app or for recovery, where the log-in asks for one; else `currentPassword`. */
export const Proof = z
  .strictObject({ currentPassword: z.string().max(200), code: z.string().trim().min(1).max(40) })
  .partial();
export type Proof = z.infer<typeof Proof>;

export const RequestPasswordReset = z.strictObject({ email: z.string().trim().min(1).max(254) });
export type RequestPasswordReset = z.infer<typeof RequestPasswordReset>;

export const CompletePasswordReset = z.strictObject({ token: z.string().max(200), newPassword: NewPassword });
export type CompletePasswordReset = z.infer<typeof CompletePasswordReset>;

export const CreateApiKey = z.strictObject({
  name: DisplayName,
  /**
   * What the key may do; never more than its maker. `USER` needs outlets. Where it does not say: `USER`; with scopes and
   * no outlets `ADMIN`, since the scopes limit it.
   */
  role: Role.exclude(['SUPERADMIN']).optional(),
  /** What it may do of that; everything its role may where it does not say. */
  scopes: z.array(Scope).min(1).max(SCOPES.length).optional(),
  outletIds: OutletIds.default([]),
  expiresAt: RequestInstant.nullable().default(null),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  /** `null`: whatever its role may. */
  scopes: Scope[] | null;
  outletIds: string[];
  /** Who made it; it ends with them. */
  createdBy: { id: string; name: string };
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}
export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  role: Role,
  scopes: z.array(Scope).nullable(),
  outletIds: z.array(z.uuid()),
  createdBy: z.object({ id: z.uuid(), name: z.string() }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
}) satisfies z.ZodType<ApiKey>;

export const ApiKeyList = wholeOrPage(ApiKey);
export type ApiKeyList = WholeOrPage<ApiKey>;

/** Shown once: only a hash of `key` is kept. */
export interface CreatedApiKey extends ApiKey {
  key: string;
}
export const CreatedApiKey: z.ZodType<CreatedApiKey> = ApiKey.extend({ key: z.string() });
