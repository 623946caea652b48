import type { Phone, Simulator } from '@koneksi/whatsapp-simulator';
import type { LinkedOutlet } from './linking.ts';

const WITHIN_MS = 60_000;

/** What an outlet's companion says of a message a customer writes: that it has it, that it cannot read it, or nothing. */
export async function readsMail(
  simulator: Simulator,
  { number }: LinkedOutlet,
  writer: Phone,
): Promise<'read' | 'retry' | 'nothing'> {
  const heard = new Map<string, string>();
  let told: () => void = () => undefined;
  const off = simulator.on('receipt', (receipt) => {
    if (receipt.number === number) heard.set(receipt.id, receipt.type);
    told();
  });
  try {
    const { id } = await writer.send(number, `Halo ${crypto.randomUUID()}`);
    const type = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), WITHIN_MS);
      told = () => {
        if (!heard.has(id)) return;
        clearTimeout(timer);
        resolve(heard.get(id));
      };
      told();
    });
    if (type === undefined) return 'nothing';
    return type === 'retry' ? 'retry' : 'read';
  } finally {
    off();
  }
}
