import type { EntityManager } from 'typeorm';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';

/**
 * Refuses `outletIds` that name no outlet, each by its place. Those that exist stay until the transaction ends.
 * The table is named rather than its entity: outlets know accounts, not the other way round.
 */
export async function requireOutletsToExist(manager: EntityManager, outletIds: readonly string[]): Promise<void> {
  const found: { id: string }[] = await manager.query('SELECT id FROM outlets WHERE id = ANY ($1) FOR KEY SHARE', [
    outletIds,
  ]);
  const existing = new Set(found.map(({ id }) => id));
  const missing = outletIds.flatMap((id, index) => (existing.has(id) ? [] : [`outletIds.${index}`]));
  if (missing.length > 0) throw new ValidationFailed(missing.map((field) => fieldProblem(field, 'OUTLET_UNKNOWN')));
}
