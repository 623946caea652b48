import * as z from 'zod';
import { Role } from './roles.ts';
import type { User } from './users.ts';

export const LoginRequest = z.strictObject({ email: z.string().trim().max(254), password: z.string().max(200) });
export type LoginRequest = z.infer<typeof LoginRequest>;

/** The refresh token is not here: it travels as an httpOnly cookie only. */
export interface LoginAnswer {
  accessToken: string;
  /** Seconds until the access token ends. */
  expiresIn: number;
  user: User;
}

export const CreateApiKey = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** What the key may do; never more than its maker. `USER` needs outlets. */
  role: Role.exclude(['SUPERADMIN']).default('USER'),
  outletIds: z.array(z.uuid()).max(1000).default([]),
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  outletIds: string[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

/** Shown once: only a hash of `key` is kept. */
export interface CreatedApiKey extends ApiKey {
  key: string;
}
