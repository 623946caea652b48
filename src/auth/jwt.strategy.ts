import { createSecretKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Config } from '../config/config.js';
import { AccessTokens } from './access-tokens.js';
import { Authenticator } from './authenticator.js';
import type { Caller } from './caller.js';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    config: Config,
    private readonly accessTokens: AccessTokens,
    private readonly authenticator: Authenticator,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // Of a text the library tries each time whether it is a public key; its types know no other.
      secretOrKey: createSecretKey(Buffer.from(config.secrets.jwtSecret)) as unknown as Buffer,
      algorithms: ['HS256'],
    });
  }

  async validate(payload: unknown): Promise<Caller | false> {
    const claims = this.accessTokens.claimsOf(payload);
    return (claims && (await this.authenticator.callerBehind(claims))) ?? false;
  }
}
