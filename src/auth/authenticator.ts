import { Injectable } from '@nestjs/common';
import { SharedLooks } from '../common/shared-looks.js';
import { AccessTokens, type AccessClaims } from './access-tokens.js';
import { API_KEY_PREFIX, ApiKeysService } from './api-keys.service.js';
import type { Caller } from './caller.js';
import { rightsOf } from './rights.js';
import { SignIns } from './sign-ins.js';

export interface Authenticated {
  caller: Caller;
  /** When the token ends by itself; `null` for one that does not. */
  expiresAt: Date | null;
}

/** Who is behind a bearer token, with the rights they have at this moment. */
@Injectable()
export class Authenticator {
  /** A page, or a program with many hands, asks for several things at once. */
  private readonly looks = new SharedLooks<Authenticated | null>();

  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly signIns: SignIns,
    private readonly apiKeys: ApiKeysService,
  ) {}

  /** `null` where the token is unknown, ended or void. Throws where the database is away. */
  authenticate(token: string): Promise<Authenticated | null> {
    return this.looks.at(token, () => this.look(token));
  }

  private async look(token: string): Promise<Authenticated | null> {
    if (isApiKey(token)) return this.apiKeys.authenticate(token);
    const claims = await this.accessTokens.verify(token);
    const caller = claims && (await this.callerBehind(claims));
    return caller && { caller, expiresAt: new Date(claims.exp * 1000) };
  }

  async callerBehind(claims: AccessClaims): Promise<Caller | null> {
    const person = await this.signIns.personBehind(claims);
    if (!person) return null;
    return {
      id: person.id,
      kind: 'user',
      name: person.name,
      ...rightsOf(person),
      ...(person.mustChangePassword && { mustChangePassword: true }),
    };
  }
}

export function isApiKey(token: string): boolean {
  return token.startsWith(API_KEY_PREFIX);
}
