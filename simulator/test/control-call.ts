import type { Simulator } from '../src/simulator.js';

/** Asks the control API: with a body it is a POST. */
export async function control(simulator: Simulator, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${simulator.controlUrl}${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Record<string, unknown>;
}
