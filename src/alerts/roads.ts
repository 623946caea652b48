import { Injectable } from '@nestjs/common';
import { alertMessage } from '@koneksi/contracts/alert-texts';
import { MESSAGE_MAX } from '@koneksi/contracts/blast-limits';
import { FromAnyOutlet, type Word } from '../blast/messages/from-any-outlet.js';
import { Config } from '../config/config.js';
import { Deliveries } from '../webhooks/deliveries.js';
import { WebhookSender } from '../webhooks/webhook-sender.js';
import { AlertLinks } from './alert-links.js';
import type { Message } from './alert-outbox.js';
import { Mailer } from '../mail/mailer.js';
import type { Outcome } from './outcome.js';
import { PushRoad } from './push/push-road.js';

const WORDS: Record<Word, Outcome> = {
  sent: { fault: null, code: null },
  waiting: { fault: 'WAITING_TURN', code: null },
  'none-free': { fault: 'NO_OUTLET_FREE', code: null },
  'opted-out': { fault: 'OPTED_OUT', code: null, isFinal: true },
  refused: { fault: 'NOT_TAKEN', code: null, isFinal: true },
};

/** The roads by which messages leave. Each keeps the id of a message, so that trying again says nothing twice. */
@Injectable()
export class Roads {
  constructor(
    private readonly mailer: Mailer,
    private readonly outlets: FromAnyOutlet,
    private readonly webhooks: Deliveries,
    private readonly webhookSender: WebhookSender,
    private readonly push: PushRoad,
    private readonly links: AlertLinks,
    private readonly config: Config,
  ) {}

  /** How long sending one may take, in ms. */
  get longestMs(): number {
    return this.mailer.longestMs;
  }

  /** @param longestMs where somebody waits for it */
  send(message: Message, longestMs?: number): Promise<Outcome> {
    switch (message.channel) {
      case 'email':
        return this.byMail(message, longestMs);
      case 'whatsapp':
        return this.byWhatsapp(message);
      case 'push':
        return this.push.send(message, longestMs);
      case 'webhook':
        return this.byWebhook(message);
    }
  }

  /** The process ends: whoever still has a message is not waited for. */
  cutOff(): void {
    this.mailer.cutOff();
    this.push.cutOff();
  }

  /** Nobody wants this any more: an outlet that still has it does not send it. */
  async takeBack(id: string): Promise<Outcome> {
    return WORDS[await this.outlets.takeBack(`alert ${id}`)];
  }

  private async byMail(message: Message, longestMs?: number): Promise<Outcome> {
    const { id, target, language, content } = message;
    // None is made that nobody would get.
    const link = this.mailer.from === null ? null : await this.links.of(message);
    const mail = { id, to: target, language, ...alertMessage(content, language, this.origin(), link) };
    return this.mailer.send(mail, longestMs);
  }

  private async byWhatsapp({ id, target, language, content }: Message): Promise<Outcome> {
    const { subject, body } = alertMessage(content, language, this.origin());
    return WORDS[
      await this.outlets.send(`alert ${id}`, target, `*${subject}*\n\n${body}`.slice(0, MESSAGE_MAX).trim())
    ];
  }

  /** From there on it is a delivery of that webhook, with its own tries and its own log. */
  private async byWebhook({ id, ruleId, target, content }: Message): Promise<Outcome> {
    const { kind, ruleName, at, items } = content;
    const told = {
      type: 'alert',
      lane: `alert ${ruleId ?? id}`,
      at: new Date(at),
      data: { id, kind, rule: { id: ruleId, name: ruleName }, incidents: items },
    };
    if (!(await this.webhooks.handOver(id, target, told))) return { fault: 'WEBHOOK_OFF', code: null };
    this.webhookSender.wake();
    return { fault: null, code: null };
  }

  private origin(): string {
    const { publicOrigins, port } = this.config.http;
    return publicOrigins?.[0] ?? `http://localhost:${port}`;
  }
}
