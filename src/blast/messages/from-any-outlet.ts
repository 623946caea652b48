import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { SessionRegistry } from '../../wa-session/session-registry.js';
import { quietUntil } from '../domain/careful.js';
import { Limits } from '../limits/limits.js';
import { OutletHealth } from '../outlet-health.js';
import { Messages } from './messages.service.js';

/** Koneksi itself, which nobody can sign in as. */
const KONEKSI: Caller = {
  id: '00000000-0000-4000-8000-00006b6f6e65',
  kind: 'user',
  name: 'Koneksi',
  role: 'ADMIN',
  outletIds: 'all',
};

/** What became of it, so far. */
export type Word = 'sent' | 'waiting' | 'none-free' | 'opted-out' | 'refused';

/** A message of Koneksi's own to one person, from whichever outlet can send it now: by the same road as any other. */
@Injectable()
export class FromAnyOutlet {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: SessionRegistry,
    private readonly health: OutletHealth,
    private readonly limits: Limits,
    private readonly messages: Messages,
    private readonly clock: Clock,
  ) {}

  /** Whether an outlet is healthy; it may still be its night. */
  someFree(): boolean {
    return this.healthy().length > 0;
  }

  /** Under the same key the same message, however often it is asked for: what is told is how far it came. */
  async send(key: string, phone: string, text: string): Promise<Word> {
    const made = await this.messages.madeUnder(KONEKSI, key);
    if (made) return this.wordOf(made);
    const outletId = await this.choose(phone);
    if (outletId === null) return 'none-free';
    try {
      const { id } = await this.messages.send(KONEKSI, { outletId, phone, text }, key);
      return await this.wordOf(id);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'NUMBER_OPTED_OUT') return 'opted-out';
      throw error;
    }
  }

  private async wordOf(id: string): Promise<Word> {
    const { status } = await this.messages.find(KONEKSI, id);
    switch (status) {
      case 'sent':
      case 'delivered':
      case 'read':
        return 'sent';
      case 'failed':
      case 'skipped':
        return 'refused';
      default:
        return 'waiting';
    }
  }

  /** Healthy and not asleep; one that has talked with this number before any other. */
  private async choose(phone: string): Promise<string | null> {
    const limits = await this.limits.of(this.healthy());
    const now = this.clock.wall();
    const free = [...limits].filter(([, { careful }]) => quietUntil(now, careful) === null).map(([id]) => id);
    const known = await this.dataSource.query<{ outlet_id: string }[]>(
      'SELECT outlet_id FROM outlet_chats WHERE number = $1 AND outlet_id = ANY ($2::uuid[]) LIMIT 1',
      [phone, free],
    );
    return known[0]?.outlet_id ?? free[0] ?? null;
  }

  private healthy(): string[] {
    return [...this.registry.all()].filter((actor) => this.health.isHealthy(actor)).map(({ outletId }) => outletId);
  }
}
