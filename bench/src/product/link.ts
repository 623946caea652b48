import type { Outlet } from '@koneksi/contracts/outlets';
import type { Remote } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { now, until } from '../clock.ts';
import type { Api, Subscriber } from './api.ts';

const LINK_WITHIN_MS = 60_000;

export interface Linked {
  /** From the phone's scan until the subscriber was told CONNECTED. Milliseconds. */
  scanToConnected: number;
  /** From the request to connect until the subscriber had the QR. Milliseconds. */
  requestToQr: number;
}

/** Links one outlet as a person would: ask for the QR, look at it for a while, scan it. */
export async function link(
  api: Api,
  subscriber: Subscriber,
  simulator: Remote<SimulatorMethods>,
  outlet: Outlet,
  { lookMs = 0 }: { lookMs?: number } = {},
): Promise<Linked> {
  const connected = connectedAt(subscriber, outlet.id);
  // It may give up while something before it is still waited for.
  connected.catch(() => undefined);
  const shown = qrOf(subscriber, outlet.id);
  // A new outlet's session exists a moment after the outlet.
  await until(
    'the QR to be watched',
    30_000,
    async () => (await subscriber.emitWithAck('outlet-qr:watch', { outletId: outlet.id })).success,
  );
  const askedAt = now();
  await api.post(`/outlets/${outlet.id}/connect`);
  const qr = await Promise.race([shown, connected.then(() => '')]);
  const requestToQr = now() - askedAt;
  await new Promise((resolve) => setTimeout(resolve, lookMs));
  const scannedAt = await simulator.scan(outlet.whatsappNumber, qr);
  const scanToConnected = (await connected) - scannedAt;
  await subscriber.emitWithAck('outlet-qr:unwatch', { outletId: outlet.id });
  return { scanToConnected, requestToQr };
}

function connectedAt(subscriber: Subscriber, outletId: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Outlet ${outletId} was not linked`)), LINK_WITHIN_MS);
    subscriber.on('outlet-status:changed', function listen({ status }) {
      if (status.outletId !== outletId || status.session.status !== 'CONNECTED') return;
      subscriber.off('outlet-status:changed', listen);
      clearTimeout(timer);
      resolve(now());
    });
  });
}

function qrOf(subscriber: Subscriber, outletId: string): Promise<string> {
  return new Promise((resolve) => {
    subscriber.on('outlet-qr:changed', function listen({ outletId: shownFor, qr }) {
      if (shownFor !== outletId || qr === null) return;
      subscriber.off('outlet-qr:changed', listen);
      resolve(qr);
    });
  });
}
