import { LessThan, type EntityManager } from 'typeorm';
import { ReconnectLinkEntity } from './reconnect-link.entity.js';

/** What is over is kept this long, for whoever looks into a dispute; what became of it is in the audit for good. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Whenever one of an outlet is made, so that its rows stay few. @param now in ms since the epoch */
export async function dropOldLinks(manager: EntityManager, outletId: string, now: number): Promise<void> {
  await manager.delete(ReconnectLinkEntity, { outletId, expiresAt: LessThan(new Date(now - KEPT_MS)) });
}
