import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { randomToken } from './secret-tokens.js';

/** OWASP's argon2id settings; argon2id is the library's own choice. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

@Injectable()
export class Passwords {
  /** Of a password nobody has. */
  private readonly nobodys = this.hash(randomToken());

  hash(password: string): Promise<string> {
    return hash(normalized(password), ARGON2ID);
  }

  /** Takes as long for an account that does not exist as for one that does. */
  async matches(password: string, passwordHash: string | null): Promise<boolean> {
    const matches = await verify(passwordHash ?? (await this.nobodys), normalized(password));
    return matches && passwordHash !== null;
  }
}

/** The same characters typed on another keyboard are the same password. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
