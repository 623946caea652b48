import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Api, Subscriber } from '../../../bench/src/product/api.ts';
import { until } from '../../../bench/src/clock.ts';

/** An open page: what its socket was told. */
export class Page {
  private readonly socket: Subscriber;
  readonly statuses = new Map<string, OutletStatus>();
  /** Outlets that were told not to be healthy since it was last emptied, for however short a while. */
  readonly toldIll = new Set<string>();
  /** Whether it was last told that the database is away. */
  private storeDown = false;

  private constructor(socket: Subscriber) {
    this.socket = socket;
  }

  /** @param api whoever is signed in; asked again when a token has ended and with it the socket. */
  static async open(api: () => Promise<Api>): Promise<Page> {
    const first = await api();
    const socket = first.subscribe();
    const page = new Page(socket);
    const ask = (give: (auth: object) => void): void =>
      void api().then(
        ({ token }) => give({ token }),
        () => give({ token: first.token }),
      );
    socket.auth = ask;
    socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect') socket.connect();
    });
    const arrived = new Promise<void>((resolve) => socket.once('outlet-status:snapshot', () => resolve()));
    socket.on('outlet-status:snapshot', ({ statuses }) => {
      page.statuses.clear();
      for (const status of statuses) page.statuses.set(status.outletId, status);
    });
    socket.on('outlet-status:changed', ({ status }) => {
      page.statuses.set(status.outletId, status);
      if (!status.healthy) page.toldIll.add(status.outletId);
    });
    socket.on('outlet-status:removed', ({ outletId }) => page.statuses.delete(outletId));
    socket.on('store:changed', ({ available }) => (page.storeDown = !available));
    await arrived;
    return page;
  }

  async toldStoreDown(down: boolean, withinMs: number): Promise<void> {
    await until(`the page to be told that the store is ${down ? 'away' : 'back'}`, withinMs, async () => {
      return this.storeDown === down;
    });
  }

  /** The reasons one outlet is told to have from now on. */
  reasonsOf(outletId: string): { until(anyOf: readonly string[]): Promise<void>; stop(): void } {
    const codes: string[] = [];
    const listen = ({ status }: { status: OutletStatus }): void => {
      if (status.outletId === outletId && status.reason) codes.push(status.reason.code);
    };
    this.socket.on('outlet-status:changed', listen);
    return {
      until: (anyOf) =>
        until(
          `the reason ${anyOf.join(' or ')}`,
          60_000,
          async () => codes.some((code) => anyOf.includes(code)),
          10,
        ).catch((error: Error) => {
          throw new Error(`${error.message}; told: ${codes.join(', ') || 'nothing'}`, { cause: error });
        }),
      stop: () => this.socket.off('outlet-status:changed', listen),
    };
  }

  close(): void {
    this.socket.disconnect();
  }
}
