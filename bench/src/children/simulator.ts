import { startSimulator, type EndingName, type Simulator } from '@koneksi/whatsapp-simulator';
import { now } from '../clock.ts';
import { serve } from './serve.ts';

let simulator: Simulator | undefined;

const running = (): Simulator => {
  if (!simulator) throw new Error('the simulator was not started');
  return simulator;
};

const methods = {
  async start(dataFile?: string) {
    simulator = await startSimulator(dataFile === undefined ? {} : { dataFile });
    const { url, rootKey } = simulator;
    return { url, rootKey };
  },
  /** When the phone began to scan. */
  async scan(number: string, qr: string): Promise<number> {
    const at = now();
    await running().phone(number, { name: number, platform: 'android' }).scan(qr);
    return at;
  },
  /** How many connections it ended. */
  end(number: string, ending: EndingName): number {
    return running().phone(number).faults.end(ending);
  },
  /** Puts numbers on WhatsApp. */
  register(numbers: string[]): void {
    for (const number of numbers) running().phone(number);
  },
  /** How many of these numbers' phones show so many messages. */
  showing(numbers: string[], times: number): number {
    return numbers.filter((number) => running().phone(number).inbox.length === times).length;
  },
  /** Sessions logged in right now. */
  online(): number {
    return running()
      .connections()
      .filter(({ phase, frozen }) => phase === 'online' && !frozen).length;
  },
  async stop(): Promise<void> {
    await simulator?.stop();
  },
};

export type SimulatorMethods = typeof methods;

serve(methods);
