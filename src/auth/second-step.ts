import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SecondStep } from '@koneksi/contracts/second-factor';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { UserEntity } from './user.entity.js';

const LIFETIME_SECONDS = 5 * 60;
const SHAPE = /^([\da-f-]{36})\.(\d{13})\.([\w-]{43})\.([\w-]{43})$/;

/**
 * What stands between password and code: a ticket that says whose password was right, and when. It opens nothing by itself,
 * and is over with any change of the password, of the rights or of the second factor.
 */
@Injectable()
export class SecondSteps {
  private readonly secret: Buffer;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.secret = Buffer.from(hkdfSync('sha256', config.secrets.jwtSecret, '', 'koneksi second step', 32));
  }

  issue(user: UserEntity): SecondStep {
    const head = `${user.id}.${this.clock.wall() + LIFETIME_SECONDS * 1_000}.${this.markOf(user)}`;
    return { secondFactor: 'totp', ticket: `${head}.${this.sign(head)}`, expiresIn: LIFETIME_SECONDS };
  }

  /** Whose it is, as they are now; `null` where it is not ours, or over. */
  async userBehind(ticket: string): Promise<UserEntity | null> {
    const [, id = '', until = '', mark = '', signature = ''] = SHAPE.exec(ticket) ?? [];
    if (id === '' || !isSame(signature, this.sign(`${id}.${until}.${mark}`))) return null;
    const left = Number(until) - this.clock.wall();
    // A clock that was set back makes none live longer.
    if (left <= 0 || left > LIFETIME_SECONDS * 1_000) return null;
    const user = await this.dataSource.manager.findOne(UserEntity, {
      where: { id, isDisabled: false },
      select: { id: true, name: true, tokenVersion: true, passwordHash: true, isDisabled: true, secondFactorAt: true },
    });
    return user?.secondFactorAt && isSame(mark, this.markOf(user)) ? user : null;
  }

  private markOf({ id, tokenVersion, passwordHash, secondFactorAt }: UserEntity): string {
    return this.sign(`${id} ${tokenVersion} ${passwordHash} ${secondFactorAt?.getTime()}`);
  }

  private sign(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
