import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { DeliveryTry, WebhookDelivery, WebhookEventType } from '@koneksi/contracts/webhooks';
import type { Caller } from '../auth/caller.js';
import { ReplyWords } from '../blast/replies/reply-words.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { Gate } from '../common/gate.js';
import { OutboxLoop } from '../common/outbox-loop.js';
import { Config } from '../config/config.js';
import { UnreadableSecret } from '../common/sealing.js';
import { Deliveries } from './deliveries.js';
import { DeliveryStore, type Due } from './delivery-store.js';
import type { Outcome } from './domain/verdict.js';
import { Egress } from './egress.js';
import { post } from './outgoing-post.js';
import { OrphanedWebhooks } from './orphaned-webhooks.js';
import { messageIdOf, signedHeaders } from './signature.js';
import { WebhookVault } from './webhook-vault.js';

const ASK_FOR_ENDED_EVERY_MS = 5_000;
/** Counting a hundred thousand events takes a while. */
const COUNT_EVERY_MS = 60_000;
const USER_AGENT = 'Koneksi-Webhooks/1';

/** Sends what the outbox holds: woken by facts, and by time where something waits for its next try. */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhooks');
  private readonly tests = new Gate({ atOnce: 2, waiting: 5, patienceMs: 20_000 });
  private countAt = 0;
  /** When it is looked next whose keys have ended. */
  private endedAt = 0;
  /** Waits that are kept are by a clock that went another way since. */
  private stopWaiting: (() => Promise<void>) | null = () => this.store.stopWaitingForThePast();
  /** By the wall. */
  private lookedAt = 0;
  private readonly over = new AbortController();
  private readonly unsubscribe: (() => void)[];
  private readonly loop = new OutboxLoop<Due>({
    take: (underWay) => this.take(underWay),
    deliver: (due) => this.deliver(due),
    nextDueIn: () => this.store.nextDueIn(this.lookedAt),
    cutOff: () => this.over.abort(),
  });

  constructor(
    private readonly store: DeliveryStore,
    private readonly deliveries: Deliveries,
    private readonly vault: WebhookVault,
    private readonly egress: Egress,
    private readonly orphans: OrphanedWebhooks,
    private readonly words: ReplyWords,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly events: EventBus,
  ) {
    const told = [
      'outlet-status.changed',
      'outlet-status.removed',
      'blast.progressed',
      'blast-recipients.moved',
    ] as const;
    this.unsubscribe = [
      ...told.map((name) => events.on(name, () => this.wake())),
      events.on('clock.stepped', () => {
        this.stopWaiting = () => this.store.stopWaiting();
        this.wake();
      }),
    ];
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** What waits is kept. What is under way has a little time, beside that of others, and is then sent after the next start. */
  onModuleDestroy(): void {
    for (const end of this.unsubscribe) end();
    void this.loop.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** There may be something to send. */
  wake(): void {
    this.loop.wake();
  }

  /** Sends one now and answers what came of it. @throws {TooManyAttempts} */
  async test(caller: Caller, webhookId: string): Promise<WebhookDelivery> {
    return this.tests.pass(webhookId, async () => {
      const id = await this.deliveries.addTest(webhookId, caller.name);
      const due = await this.store.takeOne(id);
      if (due) {
        const { outcome, tried } = await this.send(due);
        await this.store.settleTest(
          id,
          outcome.status !== null && outcome.status >= 200 && outcome.status < 300,
          tried,
        );
      }
      return this.deliveries.find(id);
    });
  }

  private async take(underWay: readonly Due[]): Promise<Due[]> {
    this.lookedAt = this.clock.wall();
    await this.catchUp();
    await this.pauseEnded();
    if (!(await this.store.isAnybodyThere())) return [];
    // There is more to be written than one look does.
    if (await this.store.spool()) this.wake();
    await this.pauseFarBehind();
    this.lookedAt = this.clock.wall();
    return this.store.take(underWay, this.config.webhooks.timeoutMs);
  }

  /** Kept until it is written: a database that is away now is asked again. */
  private async catchUp(): Promise<void> {
    const { stopWaiting } = this;
    await stopWaiting?.();
    if (this.stopWaiting === stopWaiting) this.stopWaiting = null;
  }

  private async pauseEnded(): Promise<void> {
    if (this.clock.now() < this.endedAt) return;
    this.endedAt = this.clock.now() + ASK_FOR_ENDED_EVERY_MS;
    await this.orphans.pauseEnded();
  }

  private async pauseFarBehind(): Promise<void> {
    if (this.clock.now() < this.countAt) return;
    this.countAt = this.clock.now() + COUNT_EVERY_MS;
    for (const host of await this.store.pauseFarBehind()) this.tellPaused(host, 'more waits for it than can be kept');
  }

  private tellPaused(host: string, why: string): void {
    this.logger.warn(`A webhook at ${host} was paused: ${why}`);
    this.events.publish('records.changed', { kind: 'webhook' });
  }

  private async deliver(due: Due): Promise<void> {
    const { outcome, tried } = await this.send(due);
    // That we cut it off says nothing of its receiver.
    if (outcome.fault !== null && this.over.signal.aborted) return this.store.letGo(due);
    const { paused } = await this.store.settle(due, outcome, tried, this.config.webhooks.retryMs);
    if (paused)
      this.tellPaused(
        due.host,
        paused === 'GONE' ? 'its receiver says that it is gone for good' : 'nothing got through for three days',
      );
  }

  private async send(due: Due): Promise<{ outcome: Outcome; tried: DeliveryTry }> {
    const at = this.clock.wall();
    const begun = performance.now();
    const outcome = await this.request(due, at);
    const { status, fault } = outcome;
    const durationMs = Math.round(performance.now() - begun);
    return { outcome, tried: { at: new Date(at).toISOString(), status, fault, durationMs } };
  }

  /** What people write lies in no outbox: it is opened as it leaves, in the state it is in by then. */
  private async dataOf({ type, data }: Due): Promise<Record<string, unknown>> {
    if (type !== ('blast.reply' satisfies WebhookEventType)) return data;
    return { ...data, ...(await this.words.handOver(String(data.outletId), String(data.messageId))) };
  }

  private async request(due: Due, at: number): Promise<Outcome> {
    try {
      const { url, secret, previousSecret } = this.vault.open(due.webhookId, due);
      const isOldGood = previousSecret !== null && (due.previousSecretUntil?.getTime() ?? 0) > at;
      const body = JSON.stringify({ type: due.type, timestamp: due.at.toISOString(), data: await this.dataOf(due) });
      const secrets = isOldGood ? [secret, previousSecret] : [secret];
      const headers = {
        'content-type': 'application/json',
        'user-agent': USER_AGENT,
        ...signedHeaders(messageIdOf(due.id), at, body, secrets),
      };
      const { timeoutMs } = this.config.webhooks;
      return await post({ url: new URL(url), headers, body, egress: this.egress, timeoutMs, signal: this.over.signal });
    } catch (error) {
      if (error instanceof UnreadableSecret)
        this.logger.error(`The secret of webhook ${due.webhookId} opens by no key`);
      return { status: null, fault: 'UNREACHABLE', retryAfterMs: null };
    }
  }
}
