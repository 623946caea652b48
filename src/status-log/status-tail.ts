import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventBus } from '../common/event-bus.js';
import { StatusLog, type NumberedChange } from './status-log.js';

/** So many changes at a time are read; others get a turn in between. */
const PORTION = 500;
const RETRY_MS = 250;

/**
 * The one publisher of `outlet-status.changed` and `outlet-status.removed` in this process: every change there is, by
 * whichever process, once and in the order of their cursors. Who commits hands over what was committed; where that does
 * not follow the last one told, somebody else committed in between, and what is missing is read off the log.
 */
@Injectable()
export class StatusTail implements OnModuleDestroy {
  /** The last cursor told; `null` until there is one to go on from. */
  private last: number | null = null;
  private readonly handed = new Map<number, NumberedChange>();
  private reading: Promise<void> | null = null;
  private isPoked = false;
  private over = false;

  constructor(
    private readonly log: StatusLog,
    private readonly facts: EventBus,
  ) {}

  /** From here on every change is told. Whoever reads the rows afterwards misses none. */
  async begin(): Promise<void> {
    const newest = await this.log.newest();
    this.last ??= newest;
  }

  onModuleDestroy(): void {
    this.over = true;
  }

  /** These are committed. Told in this turn where they follow what was told. */
  committed(changes: readonly NumberedChange[]): void {
    for (const change of changes) {
      this.last ??= change.cursor - 1;
      if (change.cursor > this.last) this.handed.set(change.cursor, change);
    }
    this.tellHanded();
    if (this.handed.size > 0) this.poke();
  }

  /** There may be changes that nobody handed over. */
  poke(): void {
    if (this.last === null) return;
    this.isPoked = true;
    this.reading ??= this.read().finally(() => (this.reading = null));
  }

  private async read(): Promise<void> {
    while (this.isPoked && !this.over) {
      this.isPoked = false;
      try {
        await this.readOnce();
      } catch {
        // The database is away, as others complain of. What was missed is still there when it is back.
        this.isPoked = true;
        await pause(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  private async readOnce(): Promise<void> {
    const found = await this.log.tail(this.last!, PORTION);
    if (found === null) return this.restart();
    for (const change of found) if (change.cursor > this.last!) this.tell(change);
    this.tellHanded();
    if (found.length === PORTION || this.handed.size > 0) this.isPoked = true;
  }

  private tellHanded(): void {
    for (const cursor of this.handed.keys()) if (cursor <= this.last!) this.handed.delete(cursor);
    for (;;) {
      const next = this.handed.get(this.last! + 1);
      if (!next) return;
      this.handed.delete(next.cursor);
      this.tell(next);
    }
  }

  private tell(change: NumberedChange): void {
    this.last = change.cursor;
    if ('status' in change) this.facts.publish('outlet-status.changed', change);
    else this.facts.publish('outlet-status.removed', change);
  }

  /** The log does not go on from where we are: a copy took its place that lacks its end, or we slept for a month. */
  private async restart(): Promise<void> {
    this.last = await this.log.newest();
    this.handed.clear();
    this.facts.publish('status-log.replaced', {});
  }
}
