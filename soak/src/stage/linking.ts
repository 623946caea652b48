import type { QrAnswer } from '@koneksi/contracts/outlets';
import type { Phone } from '@koneksi/whatsapp-simulator';
import { until } from '../../../bench/src/clock.ts';
import type { Api } from '../../../bench/src/product/api.ts';

const LINK_WITHIN_MS = 120_000;
/** On a small machine a link takes its part of a second, and they share it. */
const LINK_EACH_MS = 3_000;

export interface LinkedOutlet {
  id: string;
  number: string;
  phone: Phone;
}

/** Presses Koneksikan and scans what is shown, until all are connected. */
export async function linkAll(
  ask: () => Promise<Api>,
  outlets: readonly LinkedOutlet[],
  withinMs = LINK_WITHIN_MS + outlets.length * LINK_EACH_MS,
): Promise<void> {
  const api = await ask();
  for (const { id } of outlets) await api.post(`/outlets/${id}/connect`);
  const byId = new Map(outlets.map((outlet) => [outlet.id, outlet]));
  let told = '';
  await until(`${outlets.length} outlets to be linked`, withinMs, async () => {
    const { statuses } = await api.statuses();
    const ours = statuses.filter(({ outletId }) => byId.has(outletId));
    told = [...new Set(ours.map(({ session, reason }) => `${session.status} ${reason?.code}`))].join(', ');
    // As a person would: whatever was pressed too early is pressed again.
    for (const { outletId, session } of ours)
      if (session.status === 'FAILED') await api.post(`/outlets/${outletId}/connect`);
    await Promise.all(
      ours
        .filter(({ session }) => session.qrCode === 'Present')
        // What was shown a moment ago may be scanned already.
        .map(({ outletId }) =>
          api
            .get<QrAnswer>(`/outlets/${outletId}/qr`)
            .then(({ qr }) => byId.get(outletId)?.phone.scan(qr))
            .catch(() => undefined),
        ),
    );
    return ours.every(({ session }) => session.status === 'CONNECTED');
  }).catch((error: Error) => {
    throw new Error(`${error.message}; they are ${told}`, { cause: error });
  });
}
