import { Injectable, Logger } from '@nestjs/common';
import type { AlertRecipient, AlertTry } from '@koneksi/contracts/alerts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { Gate } from '../common/gate.js';
import { messageOf } from '../common/message-of.js';
import { AlertOutbox, type Message } from './alert-outbox.js';
import { AlertSender } from './alert-sender.js';
import type { Outcome } from './outcome.js';
import type { Address } from './recipients.js';
import { Roads } from './roads.js';

/** Somebody waits for the answer: forty recipients of a server that says nothing take 50 s. Milliseconds. */
const LONGEST_MS = 10_000;
const AT_ONCE = 8;

/** Sends tests, now and once, while whoever asked waits. */
@Injectable()
export class AlertTests {
  private readonly logger = new Logger('Alerts');
  private readonly gate = new Gate({ atOnce: 2, waiting: 5, patienceMs: 20_000 });

  constructor(
    private readonly outbox: AlertOutbox,
    private readonly roads: Roads,
    private readonly sender: AlertSender,
    private readonly clock: Clock,
  ) {}

  /** A few at once. Answers their ids in the log, which says what came of each. @throws {TooManyAttempts} */
  send(
    caller: Caller,
    rule: { id: string; name: string } | null,
    recipients: readonly AlertRecipient[],
  ): Promise<string[]> {
    return this.sendAll(caller, async () => {
      const messages: Message[] = [];
      // In the order in which they are named, and answered.
      for (const recipient of recipients) messages.push(...(await this.outbox.addTests(rule, recipient)));
      return messages;
    });
  }

  /** To one browser of theirs, in their language. */
  sendToBrowser(caller: Caller, browserId: string, language: Locale): Promise<string[]> {
    const address: Address = { channel: 'push', target: `${caller.id} ${browserId}`, language };
    return this.sendAll(caller, async () => [await this.outbox.addTest(null, address)]);
  }

  private sendAll(caller: Caller, write: () => Promise<Message[]>): Promise<string[]> {
    return this.gate.pass(caller.id, async () => {
      const messages = await write();
      const waiting = messages.values();
      const line = async (): Promise<void> => {
        for (const message of waiting) await this.sendOne(message);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, line));
      // What an outlet has is followed there.
      this.sender.wake();
      return messages.map(({ id }) => id);
    });
  }

  private async sendOne(message: Message): Promise<void> {
    const at = new Date(this.clock.wall()).toISOString();
    const { fault, code } = await this.roads.send(message, LONGEST_MS).catch((error: unknown): Outcome => {
      this.logger.error(`A test by ${message.channel} failed: ${messageOf(error)}`);
      return { fault: 'CUT_OFF', code: null };
    });
    const tried: AlertTry = { at, fault, code };
    await this.outbox.settleTest(message, tried);
  }
}
