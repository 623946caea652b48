import { now } from '../clock.ts';
import { Api } from '../product/api.ts';

/** A change as the server pushed it. Times in milliseconds since the epoch, by the system's clock. */
export interface Renamed {
  outletId: string;
  /** How often the outlet was renamed when this was pushed. */
  count: number;
  /** When PostgreSQL wrote the change, within the transaction that the push follows. */
  at: number;
}

export interface RenamedOutlet {
  id: string;
  name: string;
}

export interface Renaming {
  perSecond: number;
  seconds: number;
  outlets: readonly RenamedOutlet[];
  /** Every other change is of one of these. */
  inSight: readonly RenamedOutlet[];
}

/** `Outlet 0007 (12)`: keeps its place among the others, and tells which change it shows. */
const COUNTED = / \((\d+)\)$/;
export const plainName = (name: string): string => name.replace(COUNTED, '');
const countIn = (name: string): number => Number(COUNTED.exec(name)?.[1] ?? 0);

let count = 0;

export interface Renames {
  asked: number;
  /** Requests that failed, their connection reset included. */
  failed: number;
  told: Renamed[];
}

/** Renames outlets through REST at an even pace; answers what a Socket.IO client was told of it. */
export async function rename(url: string, plan: Renaming): Promise<Renames> {
  const api = await Api.login(url);
  const subscriber = api.subscribe();
  await new Promise((resolve) => subscriber.once('outlet-status:snapshot', resolve));
  const told: Renamed[] = [];
  const known = new Set<number>();
  subscriber.on('outlet-status:changed', ({ at, status: { outletId, outlet } }) => {
    const counted = countIn(outlet.name);
    // A change of something else carries a name that was told before.
    if (counted === 0 || known.has(counted)) return;
    known.add(counted);
    told.push({ outletId, count: counted, at: Date.parse(at) });
  });
  const asked = plan.perSecond * plan.seconds;
  const begun = now();
  const underWay = new Set<Promise<void>>();
  let failed = 0;
  for (let index = 0; index < asked; index++) {
    await pause(begun + (index * 1000) / plan.perSecond - now());
    const among = index % 2 === 0 ? plan.inSight : plan.outlets;
    const outlet = among[Math.floor(index / 2) % among.length];
    if (!outlet) continue;
    const answer = api
      .patch(`/outlets/${outlet.id}`, { name: `${outlet.name} (${++count})` })
      .catch(() => (failed += 1))
      .then(() => void underWay.delete(answer));
    underWay.add(answer);
  }
  await Promise.all(underWay);
  // The last one may still be on its way.
  await pause(1_000);
  subscriber.close();
  return { asked, failed, told };
}

const pause = (ms: number): Promise<void> | undefined =>
  ms <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms));
