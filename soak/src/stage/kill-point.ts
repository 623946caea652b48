import type { SimulatorEvent, SimulatorEvents } from '@koneksi/whatsapp-simulator';
import type { When } from './postgres-road.ts';
import type { LinkedOutlet } from './linking.ts';
import type { Stage } from './stage.ts';

/** A moment the product can be killed at, named from outside: by what it says to PostgreSQL or to WhatsApp. */
export interface KillPoint {
  label: string;
  /** Resolves once the product has come there. */
  reached(stage: Stage, outlet: LinkedOutlet): Promise<void>;
}

/** The n-th statement that fits: before PostgreSQL hears of it, and after it is committed but before the product knows. */
export const atStatements = (label: string, pattern: RegExp, times: number): KillPoint[] =>
  Array.from({ length: times }, (_, index) => index + 1).flatMap((nth) =>
    (['before', 'after'] as const).map((when: When) => ({
      label: `${when} ${label} ${nth}`,
      reached: ({ road }) => road.hold(pattern, nth, when),
    })),
  );

/** The n-th time WhatsApp does this for the outlet. */
export function atWhatsApp<E extends SimulatorEvent>(event: E, nth = 1): KillPoint {
  return {
    label: `WhatsApp: ${event} ${nth}`,
    reached: ({ simulator }, { number }) =>
      new Promise((resolve) => {
        let left = nth;
        const off = simulator.on(event, (fact) => {
          if (!isAbout(fact, number) || --left > 0) return;
          off();
          resolve();
        });
      }),
  };
}

/** Who registers has no number yet. */
function isAbout(fact: SimulatorEvents[SimulatorEvent], number: string): boolean {
  return !('number' in fact) || fact.number === null || fact.number === number;
}
