import type { Remote } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';

export interface Surroundings {
  service: { url: string; rootKey: string };
  simulator: Remote<SimulatorMethods>;
  numbers: (count: number) => string[];
}

export interface Speed {
  who: string;
  sessions: number;
  /** Whether the recipients were written to before. */
  chats: 'new' | 'known';
  messages: number;
  /** From the first request until WhatsApp has acknowledged all and, for the product, the database knows. Seconds. */
  wall: number;
  /** Seconds of CPU of the sending process. */
  cpu: number;
  /** Seconds of CPU of its PostgreSQL; `null` where there is none or nobody tells. */
  postgresCpu: number | null;
  /** Recipients whose phone shows it exactly as often as it was sent to them. */
  shown: number;
}

/** Into so many parts of the same size. */
export function shares(numbers: readonly string[], parts: number): string[][] {
  return Array.from({ length: parts }, (_, part) => numbers.filter((__, index) => index % parts === part));
}
