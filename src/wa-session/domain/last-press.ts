import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { Pressed } from '@koneksi/contracts/outlet-status-schema';
import type { SessionEvent } from './session-event.js';
import type { SessionRecord } from './session-record.js';

/** What somebody asked for shows by then, or something else has come of it. Milliseconds. */
const SHOWS_WITHIN_MS = 30_000;

/** Who last asked what of a session, until the change that came of it has been told. */
export class LastPress {
  private pressed: Pressed | null = null;
  private at = 0;

  note(event: SessionEvent, now: number): void {
    if (event.type !== 'connect' && event.type !== 'pause' && event.type !== 'resume' && event.type !== 'logout')
      return;
    this.pressed = event.pressedBy ? { act: event.type, ...event.pressedBy } : null;
    this.at = now;
  }

  /** Who is behind this change; once, for what follows has reasons of its own. */
  behind(previous: OutletStatusName, { status }: Pick<SessionRecord, 'status'>, now: number): Pressed | null {
    const { pressed } = this;
    if (!pressed || now - this.at > SHOWS_WITHIN_MS || !showsIn(pressed.act, previous, status)) return null;
    this.pressed = null;
    return pressed;
  }
}

function showsIn(act: Pressed['act'], previous: OutletStatusName, status: OutletStatusName): boolean {
  if (act === 'pause') return status === 'PAUSED';
  if (act === 'logout') return status === 'DISCONNECTED';
  if (act === 'connect') return status === 'CONNECTING';
  return previous === 'PAUSED' && status !== 'PAUSED';
}
