import { Injectable } from '@nestjs/common';
import type { SentMessage } from '@koneksi/contracts/messages';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { SendingDesk } from '../../wa-session/desk/sending-desk.js';
import { mayWrite } from '../domain/next-step.js';
import { Limits, type OutletLimits } from '../limits/limits.js';
import { KONEKSI } from './koneksi.js';
import { Messages } from './messages.service.js';

/** To how many outlets one message is given, one after the other, where each fails before it could send it. */
const OUTLETS = 10;

/** What became of it, so far. */
export type Word = 'sent' | 'waiting' | 'none-free' | 'opted-out' | 'refused';

/** A message of Koneksi's own to one person, from whichever outlet can send it now: by the same road as any other. */
@Injectable()
export class FromAnyOutlet {
  constructor(
    private readonly dataSource: DataSource,
    private readonly desk: SendingDesk,
    private readonly limits: Limits,
    private readonly messages: Messages,
    private readonly clock: Clock,
  ) {}

  /** Whether an outlet is healthy; it may still be its night. */
  someFree(): boolean {
    return this.desk.healthy().length > 0;
  }

  /**
   * Under the same key the same message, however often it is asked for: what is told is how far it came. One that waits
   * at an outlet that cannot send it any more is taken from there first, and then given to another.
   */
  async send(key: string, phone: string, text: string): Promise<Word> {
    const keys = keysOf(key);
    const last = await this.messages.lastUnder(KONEKSI, keys);
    const given = last && (await this.messages.find(KONEKSI, last.id));
    const next = keys[last ? last.place + 1 : 0];
    const free = !given || isOpen(given) ? await this.free(phone) : [];
    if (given && (next === undefined || !(await this.isGivenUp(given, free)))) return wordOf(given);
    const [outletId] = free;
    if (outletId === undefined || next === undefined) return 'none-free';
    try {
      const { id } = await this.messages.send(KONEKSI, { outletId, phone, text }, next);
      return wordOf(await this.messages.find(KONEKSI, id));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'NUMBER_OPTED_OUT') return 'opted-out';
      // Somebody else gave it to another outlet in this very moment.
      if (error instanceof DomainError && error.code === 'IDEMPOTENCY_CONFLICT') return 'waiting';
      throw error;
    }
  }

  /** Nobody wants it sent any more. What is told is how far it came all the same. */
  async takeBack(key: string): Promise<Word> {
    const last = await this.messages.lastUnder(KONEKSI, keysOf(key));
    if (!last) return 'refused';
    await this.messages.takeBack(last.id);
    return wordOf(await this.messages.find(KONEKSI, last.id));
  }

  /** Whether its outlet does not send it: it was taken back before, or is now, since others could send it and this one cannot. */
  private async isGivenUp(message: SentMessage, free: readonly string[]): Promise<boolean> {
    if (isTakenBack(message)) return true;
    if (message.status !== 'queued' || free.length === 0 || free.includes(message.outletId)) return false;
    return this.messages.takeBack(message.id);
  }

  /** Outlets that would send to this number now; those that have talked with it before any other. */
  private async free(phone: string): Promise<string[]> {
    const limits = await this.limits.of(this.desk.healthy());
    const chats = await this.dataSource.query<{ outlet_id: string; is_known: boolean }[]>(
      `SELECT outlet_id, replied_at IS NOT NULL AS is_known FROM outlet_chats
       WHERE number = $1 AND outlet_id = ANY ($2::uuid[])`,
      [phone, [...limits.keys()]],
    );
    const isKnown = new Map(chats.map((chat) => [chat.outlet_id, chat.is_known]));
    const strangeness = (id: string): number => (isKnown.has(id) ? (isKnown.get(id) ? 0 : 1) : 2);
    const now = this.clock.wall();
    return [...limits]
      .filter(([id, its]) => mayWrite(situationOf(its, now), isKnown.get(id) === true))
      .map(([id]) => id)
      .toSorted((one, other) => strangeness(one) - strangeness(other));
  }
}

const keysOf = (key: string): string[] =>
  Array.from({ length: OUTLETS }, (_, n) => (n === 0 ? key : `${key} ${n + 1}`));

const isTakenBack = ({ status, reason }: SentMessage): boolean => status === 'skipped' && reason === 'CANCELED';
const isOpen = (message: SentMessage): boolean => message.status === 'queued' || isTakenBack(message);

const situationOf = ({ careful, usage, newChats }: OutletLimits, now: number): Parameters<typeof mayWrite>[0] => ({
  now,
  healthy: true,
  stopped: null,
  notBefore: null,
  careful,
  usage,
  restrictedUntil: newChats?.lockedUntil ?? null,
  newChatsLeft: newChats?.left ?? null,
  newChatsAgainAt: newChats?.countedAgainAt ?? null,
});

function wordOf({ status, reason }: SentMessage): Word {
  switch (status) {
    case 'sent':
    case 'delivered':
    case 'read':
      return 'sent';
    case 'failed':
      return 'refused';
    case 'skipped':
      return reason === 'OPTED_OUT' ? 'opted-out' : 'refused';
    default:
      return 'waiting';
  }
}
