import { isDeadlock } from './postgres-errors.js';

const TRIES = 5;

/**
 * Runs a statement again at once where PostgreSQL ended it so that another could go on: nothing of it was written, and
 * the database is not away.
 */
export async function withoutDeadlock<T>(statement: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await statement();
    } catch (error) {
      if (!isDeadlock(error) || left <= 1) throw error;
    }
  }
}
