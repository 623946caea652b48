/** How the other outlets of this process fare right now. */
export interface Others {
  /** Have a live link to WhatsApp. */
  readonly reaching: number;
  /** Try and cannot reach it. */
  readonly failing: number;
}

export const NOBODY_ELSE: Others = { reaching: 0, failing: 0 };

/** Whom it concerns that WhatsApp cannot be reached. */
export type Reach = 'server' | 'alone';

/**
 * The way from this server to WhatsApp is to blame only where others fail too and nobody gets there. Where others are
 * connected it is this outlet alone; where some are and as many are not, or nobody else tries, nobody can tell.
 */
export function reachOf({ reaching, failing }: Others): Reach | undefined {
  if (reaching === 0) return failing > 0 ? 'server' : undefined;
  return failing < reaching ? 'alone' : undefined;
}
