import * as z from 'zod';

/** What a key may be limited to, beside its role and outlets. */
export const SCOPES = [
  'status:read',
  'outlets:read',
  'outlets:write',
  'links:write',
  'contacts:read',
  'contacts:write',
  'blasts:read',
  'blasts:write',
  'messages:send',
  'webhooks:write',
] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;
