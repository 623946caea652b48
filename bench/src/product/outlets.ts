import type { StatusSnapshot } from '@koneksi/contracts/realtime';
import { until } from '../clock.ts';
import { Api } from './api.ts';

const AT_ONCE = 8;

/** Through REST, as a person would; none of them is ever linked. */
export async function createOutlets(url: string, count: number): Promise<void> {
  const api = await Api.login(url);
  const numbers = Array.from({ length: count }, (_, index) => `62813${String(10_000_000 + index)}`);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) await api.createOutlet(number);
    }),
  );
  // Their sessions come after them; a snapshot before that would hold only some.
  await until(`${count} outlets to have a status`, 120_000, async () => (await boardOf(api)) === count, 500);
}

async function boardOf(api: Api): Promise<number> {
  const subscriber = api.subscribe();
  const { statuses } = await new Promise<StatusSnapshot>((resolve) =>
    subscriber.once('outlet-status:snapshot', resolve),
  );
  subscriber.close();
  return statuses.length;
}
