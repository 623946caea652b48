import { Logger } from '@nestjs/common';
import type { KeyEncryptionKey } from '../common/envelope.js';
import { messageOf } from '../common/message-of.js';
import { ClusterBus, NoAnswer, type Answerer, type FactHandler } from './cluster-bus.js';
import { ALL, FrameReader, toFrames, type Envelope, type Message } from './frames.js';
import { Gaps } from './gaps.js';
import type { Wire } from './wire.js';

/** What whoever could not speak for a while says to the others: what it told meanwhile is lost. */
const GAP = 'gap';
/** Between two warnings of what could not be read. */
const UNREADABLE_EVERY_MS = 1_000;
/** Begins what a statement says by itself: a topic without a payload, which is not sealed since it tells nothing. */
const BARE = '~';

interface Pending {
  answered: (payload: unknown) => void;
  failed: () => void;
}

/** The bus over a wire: who is meant, what was asked, and what it was sealed with. */
export class WiredBus extends ClusterBus {
  readonly reachesOthers = true;
  private readonly logger = new Logger('Cluster');
  private readonly reader: FrameReader;
  private readonly handlers = new Map<string, Set<FactHandler>>();
  private readonly answerers = new Map<string, Answerer>();
  private readonly gapHandlers = new Set<() => void>();
  private readonly gaps = new Gaps(() => {
    for (const handler of this.gapHandlers) this.guarded('a gap', handler);
  });
  private readonly pending = new Map<number, Pending>();
  /** Each incarnation of this node, the present one last. */
  private readonly ids = new Set<string>();
  private said = 0;
  private complainedAt = -Infinity;

  constructor(
    private nodeId: string,
    private readonly wire: Wire,
    private readonly key: KeyEncryptionKey,
  ) {
    super();
    this.ids.add(nodeId);
    this.reader = new FrameReader(key);
    // Never answered by another one: nodes that come back together would tell each other for ever.
    this.subscribe(GAP, () => this.gaps.tell());
  }

  open(): Promise<void> {
    return this.wire.open(this.nodeId, { heard: (frame) => this.heard(frame), back: () => this.back() });
  }

  async answerTo(nodeId: string): Promise<void> {
    this.ids.add(nodeId);
    this.nodeId = nodeId;
    await this.wire.alsoAs(nodeId);
  }

  async close(): Promise<void> {
    this.gaps.close();
    for (const { failed } of this.pending.values()) failed();
    await this.wire.close();
  }

  publish(topic: string, payload?: unknown): void {
    // What is lost is in the database all the same; that it is lost is told once the wire is back.
    this.say(ALL, { kind: 'fact', name: topic, payload, re: 0 }).sent.catch(() => undefined);
  }

  publishSql(topic: string): string | null {
    return this.wire.sendSql(`${BARE}${topic} ${this.firstId}`);
  }

  subscribe(topic: string, handler: FactHandler): () => void {
    const handlers = this.handlers.get(topic) ?? new Set();
    this.handlers.set(topic, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  onGap(handler: () => void): () => void {
    this.gapHandlers.add(handler);
    return () => void this.gapHandlers.delete(handler);
  }

  answering(verb: string, answerer: Answerer): void {
    this.answerers.set(verb, answerer);
  }

  ask(nodeId: string, verb: string, payload: unknown, deadlineMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { number, sent } = this.say(nodeId, { kind: 'question', name: verb, payload, re: 0 });
      const end = (settle: () => void): void => {
        clearTimeout(late);
        this.pending.delete(number);
        settle();
      };
      const failed = (): void => end(() => reject(new NoAnswer(verb)));
      const late = setTimeout(failed, deadlineMs);
      this.pending.set(number, { answered: (answer) => end(() => resolve(answer)), failed });
      sent.catch(failed);
    });
  }

  /** Statements keep it for good. */
  private get firstId(): string {
    return [...this.ids][0]!;
  }

  /** Neither heard we the others nor they us. */
  private back(): void {
    this.publish(GAP);
    this.gaps.tell();
  }

  private say(to: string, message: Message): { number: number; sent: Promise<void> } {
    const envelope: Envelope = { from: this.nodeId, to, number: ++this.said };
    const sent = this.wire.send(to, toFrames(this.key, envelope, message, this.wire.longest));
    return { number: envelope.number, sent };
  }

  private heard(frame: string): void {
    if (frame.startsWith(BARE)) {
      const [topic = '', from = ''] = frame.slice(BARE.length).split(' ');
      if (!this.ids.has(from)) this.deliver(topic, null, from);
      return;
    }
    const found = this.reader.read(frame);
    if (found === null) return;
    if (found === 'unreadable') return this.complain();
    const { envelope, message } = found;
    if (this.ids.has(envelope.from) || (envelope.to !== ALL && !this.ids.has(envelope.to))) return;
    if (message.kind === 'fact') this.deliver(message.name, message.payload, envelope.from);
    else if (message.kind === 'answer') this.settle(message);
    else void this.answer(envelope, message);
  }

  private deliver(topic: string, payload: unknown, from: string): void {
    for (const handler of this.handlers.get(topic) ?? []) this.guarded(topic, () => handler(payload, from));
  }

  private settle({ re, payload }: Message): void {
    const [answered, answer] = payload as [boolean, unknown];
    const pending = this.pending.get(re);
    if (answered) pending?.answered(answer);
    else pending?.failed();
  }

  private async answer({ from, number }: Envelope, { name, payload }: Message): Promise<void> {
    const answer = await this.toAnswer(name, payload, from);
    await this.say(from, { kind: 'answer', name, payload: answer, re: number }).sent.catch(() => undefined);
  }

  private async toAnswer(verb: string, payload: unknown, from: string): Promise<[boolean, unknown]> {
    try {
      const answerer = this.answerers.get(verb);
      return answerer ? [true, (await answerer(payload, from)) ?? null] : [false, null];
    } catch (error) {
      this.tellFailure(verb, error);
      return [false, null];
    }
  }

  /** A node that has another key already, or somebody else: whatever it was, we do not know it. */
  private complain(): void {
    this.gaps.tell();
    const now = performance.now();
    if (now - this.complainedAt < UNREADABLE_EVERY_MS) return;
    this.complainedAt = now;
    this.logger.warn('A word of another node could not be read; nodes must have the same CREDENTIALS_KEY');
  }

  private guarded(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.tellFailure(what, error);
    }
  }

  private tellFailure(what: string, error: unknown): void {
    this.logger.error(`A listener of ${what} failed: ${messageOf(error)}`);
  }
}
