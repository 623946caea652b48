import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { Pressed } from '@koneksi/contracts/outlet-status-schema';
import type { SessionEvent } from './session-event.js';

/**
 * Who is behind a change that this very event made; `null` where nobody is. What changes later has reasons of its own, and
 * a press that changed nothing, or was refused, is behind nothing.
 */
export function pressedBehind(
  event: SessionEvent,
  previous: OutletStatusName,
  status: OutletStatusName,
): Pressed | null {
  if (event.type !== 'connect' && event.type !== 'pause' && event.type !== 'resume' && event.type !== 'logout')
    return null;
  if (!event.pressedBy || !showsIn(event.type, previous, status)) return null;
  return { act: event.type, ...event.pressedBy };
}

function showsIn(act: Pressed['act'], previous: OutletStatusName, status: OutletStatusName): boolean {
  if (act === 'pause') return status === 'PAUSED';
  if (act === 'logout') return status === 'DISCONNECTED';
  if (act === 'connect') return status === 'CONNECTING';
  return previous === 'PAUSED' && status !== 'PAUSED';
}
