import { Injectable } from '@nestjs/common';
import type { LoginAnswer } from '@koneksi/contracts/auth';
import { DomainError } from '../common/domain-error.js';
import { AccessTokens } from './access-tokens.js';
import { SignIns, type ContinuedSignIn } from './sign-ins.js';
import type { UserEntity } from './user.entity.js';
import { toUser } from './user.view.js';

/** An answer, and what must not be in it: the refresh token, and the user as they are kept. */
export interface SignedIn {
  answer: LoginAnswer;
  user: UserEntity;
  refreshToken: string;
  expiresAt: Date;
}

@Injectable()
export class AuthService {
  constructor(
    private readonly signIns: SignIns,
    private readonly accessTokens: AccessTokens,
  ) {}

  /** `previous` is the refresh token the browser still held; its sign-in ends. */
  async signIn(verified: UserEntity, previous: string | null): Promise<SignedIn> {
    const signIn = await this.signIns.start(verified);
    if (!signIn) throw new DomainError('INVALID_CREDENTIALS', 401, 'the password was changed meanwhile');
    if (previous) await this.signIns.end(previous);
    return this.signedIn(signIn);
  }

  async refresh(refreshToken: string | null): Promise<SignedIn> {
    const signIn = refreshToken === null ? null : await this.signIns.continue(refreshToken);
    if (!signIn) throw new DomainError('UNAUTHENTICATED', 401, 'no valid refresh token');
    return this.signedIn(signIn);
  }

  /** Ends the sign-in behind either token; the other one ends with it. Answers whose it was, where it was not over. */
  async signOut(refreshToken: string | null, accessToken: string | null): Promise<UserEntity | null> {
    const byCookie = refreshToken === null ? null : await this.signIns.end(refreshToken);
    const claims = accessToken && (await this.accessTokens.verify(accessToken));
    const byToken = claims ? await this.signIns.endById(claims.sid) : null;
    return byCookie ?? byToken;
  }

  private async signedIn({ id, user, refreshToken, expiresAt }: ContinuedSignIn): Promise<SignedIn> {
    const accessToken = await this.accessTokens.issue({ sub: user.id, sid: id, ver: user.tokenVersion });
    const answer = { accessToken, expiresIn: this.accessTokens.lifetimeSeconds, user: toUser(user) };
    return { answer, user, refreshToken, expiresAt };
  }
}
