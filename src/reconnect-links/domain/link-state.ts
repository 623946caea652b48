/**
 * How a link ended before its time. `MAKER_ENDED`: whoever made it may not do so any more. `REPLACED`: nobody could send
 * it again, so another goes out in its place.
 */
export type LinkEnd = 'USED' | 'REVOKED' | 'MAKER_ENDED' | 'REPLACED';

/** What is known of a link. Milliseconds since the epoch. */
export interface LinkFacts {
  expiresAt: number;
  /** When somebody who came by it first asked to connect, or was to be shown a code that others asked for. */
  startedAt: number | null;
  endedCode: LinkEnd | null;
}

export type LinkState = 'open' | 'used' | 'revoked' | 'maker-ended' | 'replaced' | 'expired';

const ENDS: Record<LinkEnd, LinkState> = {
  USED: 'used',
  REVOKED: 'revoked',
  MAKER_ENDED: 'maker-ended',
  REPLACED: 'replaced',
};

/**
 * Whether a link still opens. Only `open` does; visitors are never told which of the others it is.
 * @param connectedAt since when its outlet is connected; a link that was started before is used, also where the
 *   process died before it could write that down
 */
export function linkState(
  { expiresAt, startedAt, endedCode }: LinkFacts,
  connectedAt: number | null,
  now: number,
): LinkState {
  if (endedCode) return ENDS[endedCode];
  if (startedAt !== null && connectedAt !== null && connectedAt >= startedAt) return 'used';
  return now >= expiresAt ? 'expired' : 'open';
}
