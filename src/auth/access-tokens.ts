import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import * as z from 'zod';

export const ACCESS_TOKEN_SECONDS = 15 * 60;

const AccessClaims = z.object({
  /** The user. */
  sub: z.uuid(),
  /** The sign-in it was made for; the token ends with it. */
  sid: z.uuid(),
  /** The user's token version. */
  ver: z.int(),
  /** Seconds since the epoch. */
  exp: z.number(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;

/** Access tokens name who signed in and nothing they may do: that is looked up on every use. */
@Injectable()
export class AccessTokens {
  readonly lifetimeSeconds = ACCESS_TOKEN_SECONDS;

  constructor(private readonly jwt: JwtService) {}

  issue({ sub, sid, ver }: Omit<AccessClaims, 'exp'>): Promise<string> {
    return this.jwt.signAsync({ sub, sid, ver }, { algorithm: 'HS256', expiresIn: ACCESS_TOKEN_SECONDS });
  }

  async verify(token: string): Promise<AccessClaims | null> {
    const payload: unknown = await this.jwt.verifyAsync(token, { algorithms: ['HS256'] }).catch(() => null);
    return this.claimsOf(payload);
  }

  claimsOf(payload: unknown): AccessClaims | null {
    return AccessClaims.safeParse(payload).data ?? null;
  }
}
