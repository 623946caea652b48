import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { alertNotice } from '@koneksi/contracts/alert-texts';
import type { TryFault } from '@koneksi/contracts/webhooks';
import webPush from 'web-push';
import { isStoreDown } from '../../common/postgres-errors.js';
import { AllowedOrigins } from '../../config/allowed-origins.js';
import { Config } from '../../config/config.js';
import { Egress } from '../../webhooks/egress.js';
import { post } from '../../webhooks/outgoing-post.js';
import type { Message } from '../alert-outbox.js';
import type { Outcome } from '../outcome.js';
import { PushKeys } from './push-keys.js';
import { browserOf } from './push-readers.js';
import { isPushService } from './push-services.js';
import { PushSubscriptions } from './push-subscriptions.service.js';

/** How long a push service keeps what it cannot hand over yet: a phone that is off for longer has other news. Seconds. */
const KEPT_SECONDS = 12 * 3_600;
/** That there is nothing there any more: RFC 8030, sections 5 and 7.3. */
const GONE = [404, 410];

const NO_BROWSER: Outcome = { fault: 'NO_BROWSER', code: null, isFinal: true };
const REFUSED: Outcome = { fault: 'PUSH_REFUSED', code: null, isFinal: true };

const isRefusedByUs = (fault: TryFault | null): boolean => fault === 'ADDRESS_REFUSED' || fault === 'PORT_REFUSED';

type Request = webPush.RequestDetails & { body: Buffer };

/** Calls one browser: encrypted for it alone (RFC 8291), signed by us (RFC 8292), sent as all that leaves for others. */
@Injectable()
export class PushRoad {
  private readonly logger = new Logger('Alerts');
  private readonly over = new AbortController();

  constructor(
    private readonly subscriptions: PushSubscriptions,
    private readonly keys: PushKeys,
    private readonly egress: Egress,
    private readonly origins: AllowedOrigins,
    private readonly config: Config,
  ) {}

  async send(message: Message, longestMs = this.config.alerts.timeoutMs): Promise<Outcome> {
    const id = browserOf(message.target);
    if (id === null) return NO_BROWSER;
    const request = await this.build(id, message).catch((error: unknown) => this.unbuilt(error));
    if ('fault' in request) return request;
    const { status, fault, retryAfterMs } = await post({
      url: new URL(request.endpoint),
      headers: request.headers,
      body: request.body,
      egress: this.egress,
      timeoutMs: Math.min(longestMs, this.config.alerts.timeoutMs),
      signal: this.over.signal,
    });
    if (status === null)
      return { fault: 'PUSH_UNREACHABLE', code: null, ...(isRefusedByUs(fault) && { isFinal: true }) };
    if (status >= 200 && status < 300) {
      // It rang: whatever else fails, it does not ring again.
      await this.subscriptions.noteSent(id).catch(() => undefined);
      return { fault: null, code: null };
    }
    if (GONE.includes(status)) {
      await this.subscriptions.forget(id).catch(() => undefined);
      return { fault: 'BROWSER_GONE', code: status, isFinal: true };
    }
    const mayComeAgain = status === 429 || status >= 500;
    return { fault: 'PUSH_REFUSED', code: status, isFinal: !mayComeAgain, retryAfterMs };
  }

  /** @throws {UnreadableSecret}, and where nothing can be encrypted for this browser or signed by our keys */
  private async build(id: string, message: Message): Promise<Request | Outcome> {
    const browser = await this.subscriptions.open(id);
    if (!browser) return NO_BROWSER;
    // The rules of yesterday may have been others.
    if (!isPushService(browser.endpoint, this.egress)) return REFUSED;
    return webPush.generateRequestDetails(browser, JSON.stringify(this.payloadOf(message)), {
      vapidDetails: { subject: this.subject(), ...(await this.keys.read()) },
      contentEncoding: 'aes128gcm',
      TTL: KEPT_SECONDS,
      urgency: message.content.kind === 'recovered' ? 'normal' : 'high',
      ...topicOf(message),
    });
  }

  /** Another try would come to the same, but where the database is away: that one is made once its lease ends. */
  private unbuilt(error: unknown): Outcome {
    if (isStoreDown(error)) throw error;
    this.logger.error(`A push message cannot be made: ${error instanceof Error ? error.name : 'unknown error'}`);
    return REFUSED;
  }

  cutOff(): void {
    this.over.abort();
  }

  /**
   * As Angular's worker shows it: `notification` is what the browser is told, and a press opens the address, in a window
   * of its own: in another somebody may be typing.
   */
  private payloadOf({ id, language, content }: Message): object {
    const { title, body, path } = alertNotice(content, language);
    return {
      notification: {
        title,
        body,
        lang: language,
        icon: '/icon-192.png',
        badge: '/icon-192.png',
        tag: `koneksi-alert-${id}`,
        timestamp: Date.parse(content.at),
        data: { onActionClick: { default: { operation: 'openWindow', url: path } } },
      },
    };
  }

  /** Whom a push service may write to about us. */
  private subject(): string {
    const { home } = this.origins;
    return home.startsWith('https:') ? home : `mailto:${this.config.smtp?.from ?? 'koneksi@localhost'}`;
  }
}

/** What a browser did not get yet of one incident gives way to what came of it since. */
function topicOf({ ruleId, incidentIds }: Message): { topic?: string } {
  if (incidentIds.length !== 1) return {};
  const topic = createHash('sha256').update(`${ruleId} ${incidentIds[0]}`).digest('base64url').slice(0, 32);
  return { topic };
}
