import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Mailer } from '../mail/mailer.js';
import { resetMailText } from './reset-mail-text.js';
import type { UserEntity } from './user.entity.js';

const TRIES = 4;
const EACH_PAUSE_TIMES = 6;

/**
 * Sends the link to whoever forgot their password. Tried again for some minutes where the mail server does not answer; never
 * kept, for what opens the link must stand nowhere: who waits in vain asks again.
 */
@Injectable()
export class ResetMail {
  private readonly logger = new Logger(ResetMail.name);

  constructor(
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {}

  get isConfigured(): boolean {
    return this.mailer.from !== null;
  }

  /** How long it may be until a mail left or was given up, in ms. */
  get longestMs(): number {
    let [longest, wait] = [this.mailer.longestMs, this.config.alerts.retryMs];
    for (let tries = 1; tries < TRIES; tries++) {
      longest += wait + this.mailer.longestMs;
      wait *= EACH_PAUSE_TIMES;
    }
    return longest;
  }

  /** Whether it left. Never throws; the log says whose did not, not where to. */
  async send({ id, name, email, language }: UserEntity, token: string): Promise<boolean> {
    const spoken = language ?? 'id';
    const mail = { id: randomUUID(), to: email, language: spoken, ...resetMailText(spoken, name, this.linkOf(token)) };
    let wait = this.config.alerts.retryMs;
    for (let tries = 1; ; tries++) {
      const { fault } = await this.mailer.send(mail);
      if (fault === null) return true;
      this.logger.warn(
        `The mail that resets the password of user ${id} did not leave: ${fault}, try ${tries} of ${TRIES}`,
      );
      if (tries === TRIES) return false;
      await pause(wait, undefined, { ref: false });
      wait *= EACH_PAUSE_TIMES;
    }
  }

  /** What opens it stands behind the `#`, which no browser sends to any server. */
  private linkOf(token: string): string {
    const { publicOrigins, port } = this.config.http;
    return `${publicOrigins?.[0] ?? `http://localhost:${port}`}/reset-password#${token}`;
  }
}
