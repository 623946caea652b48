import { DomainError } from '../domain-error.js';

/** Bodies that are slower than this are ended. Bytes per millisecond. */
const SLOWEST = 32;
const SILENCE_MS = 10_000;
const GRACE_MS = 30_000;
/** How patient we are while somebody else waits for the room a slow one takes. */
const PRESSED_MS = 2_000;
const LOOK_EVERY_MS = 500;

/** A body that is being read, or that was and is being worked on. */
export interface RoomTaken {
  /** Tells that so much more of it came. */
  heard: (bytes: number) => void;
  /** It is whole: from now on it takes its time. */
  complete: () => void;
  release: () => void;
}

interface Guest {
  bytes: number;
  got: number;
  since: number;
  heardAt: number;
  reading: boolean;
  end: (reason: DomainError) => void;
}

interface Waiter {
  guest: Guest;
  enter: () => void;
}

/**
 * How much of everybody's bodies is in memory at once. Room is taken for all of a body before any of it is read, so
 * that none is stuck half-way for want of it; while others wait, those that stall or drip have to leave.
 */
export class BodyRoom {
  private readonly guests = new Set<Guest>();
  private readonly line: Waiter[] = [];
  private taken = 0;
  private watch: NodeJS.Timeout | null = null;

  /** @param size bytes */
  constructor(private readonly size: number) {}

  /**
   * Resolves once there is room.
   * @param end called where the body has to leave, while it waits or is being read
   */
  async take(bytes: number, end: (reason: DomainError) => void): Promise<RoomTaken> {
    const now = performance.now();
    const guest: Guest = { bytes, got: 0, since: now, heardAt: now, reading: true, end };
    if (this.line.length === 0 && this.taken + bytes <= this.size) this.admit(guest);
    else await new Promise<void>((enter) => this.line.push({ guest, enter }));
    return {
      heard: (more) => {
        guest.got += more;
        guest.heardAt = performance.now();
      },
      complete: () => void (guest.reading = false),
      release: () => this.release(guest),
    };
  }

  private admit(guest: Guest): void {
    guest.since = guest.heardAt = performance.now();
    this.guests.add(guest);
    this.taken += guest.bytes;
    this.watch ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  private release(guest: Guest): void {
    if (!this.guests.delete(guest)) return;
    this.taken -= guest.bytes;
    while (this.line[0] && this.taken + this.line[0].guest.bytes <= this.size) {
      const { guest: next, enter } = this.line.shift()!;
      this.admit(next);
      enter();
    }
    if (this.guests.size > 0 || !this.watch) return;
    clearInterval(this.watch);
    this.watch = null;
  }

  private look(): void {
    const now = performance.now();
    const isPressed = this.line.length > 0;
    for (const guest of this.guests) if (guest.reading && isTooSlow(guest, now, isPressed)) guest.end(tooSlow());
  }
}

function isTooSlow({ got, since, heardAt }: Guest, now: number, isPressed: boolean): boolean {
  if (now - heardAt > (isPressed ? PRESSED_MS : SILENCE_MS)) return true;
  return got < (now - since - (isPressed ? PRESSED_MS : GRACE_MS)) * SLOWEST;
}

const tooSlow = (): DomainError => new DomainError('BODY_TOO_SLOW', 408, 'the body did not come in time');
