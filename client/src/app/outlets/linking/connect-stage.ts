import type { PairingCodeChange } from '@koneksi/contracts/realtime';
import type { LinkedOutlet } from '@koneksi/contracts/reconnect-links';

/**
 * Where linking stands. `waiting` covers everything before the server took the request up;
 * `retrying` is a link that still exists and comes back by itself, without a QR.
 */
export type ConnectStage = 'waiting' | 'scan' | 'linking' | 'retrying' | 'connected' | 'failed';

/** What is told of an outlet to whoever links it, with an account or without. */
type Told = Pick<LinkedOutlet, 'liveStatus' | 'reason' | 'revision'>;

/** Driven by pushes alone. A failure from before the request (`askedAt`, a revision) is not this attempt's. */
export function connectStage({ liveStatus, reason, revision }: Told, askedAt: number): ConnectStage {
  if (liveStatus.status === 'CONNECTED') return 'connected';
  if (reason?.code === 'PAIRING') return 'scan';
  if (reason?.code === 'LINKING') return 'linking';
  if (liveStatus.status === 'CONNECTING' || reason?.code === 'WHATSAPP_UNREACHABLE')
    return reason ? 'retrying' : 'waiting';
  return revision > askedAt ? 'failed' : 'waiting';
}

/**
 * When a code may be asked for again: in so many milliseconds where WhatsApp said so, `perhaps` in an hour where it limits
 * codes and did not, `null` right away.
 */
export function codeAgain(
  { code, retryAt }: NonNullable<PairingCodeChange['refusal']>,
  now: number,
): number | 'perhaps' | null {
  if (retryAt === null) return code === 'PAIRING_CODE_LIMITED' ? 'perhaps' : null;
  const left = Date.parse(retryAt) - now;
  return left > 0 ? left : null;
}

export type StepState = 'todo' | 'current' | 'done';

/** The states of the four steps: open WhatsApp, scan, link, connected. */
export function stepStates(stage: ConnectStage): readonly [StepState, StepState, StepState, StepState] {
  switch (stage) {
    case 'connected':
      return ['done', 'done', 'done', 'done'];
    case 'linking':
      return ['done', 'done', 'current', 'todo'];
    case 'scan':
      return ['current', 'current', 'todo', 'todo'];
    case 'waiting':
    case 'retrying':
    case 'failed':
      return ['current', 'todo', 'todo', 'todo'];
  }
}
