import { join } from 'node:path';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Outlet } from '@koneksi/contracts/outlets';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { now, until } from '../clock.ts';
import { temporaryDirectory } from '../paths.ts';
import { Api, type Subscriber } from '../product/api.ts';
import { childFile, linkedState } from '../product/linked-state.ts';
import { ProductServer } from '../product/server.ts';

/** A told status is waited for this long at most. */
const TOLD_WITHIN_MS = 60_000;

/** The built product with outlets that are linked and healthy, on a WhatsApp of its own, and somebody who looks at it. */
export class Stage {
  readonly simulator: Child<SimulatorMethods>;
  readonly server: ProductServer;
  readonly api: Api;
  readonly subscriber: Subscriber;
  readonly outlets: Outlet[];
  readonly service: { url: string; rootKey: string };
  /** Folders of bare sessions. */
  readonly bareDir: string;

  private constructor(
    parts: Pick<Stage, 'simulator' | 'server' | 'api' | 'subscriber' | 'outlets' | 'service' | 'bareDir'>,
  ) {
    this.simulator = parts.simulator;
    this.server = parts.server;
    this.api = parts.api;
    this.subscriber = parts.subscriber;
    this.outlets = parts.outlets;
    this.service = parts.service;
    this.bareDir = parts.bareDir;
  }

  static async open(outlets: number, bare = 0, env: Record<string, string> = {}): Promise<Stage> {
    const state = await linkedState(join(await temporaryDirectory(), 'all'), { outlets, bare });
    const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
    const service = await simulator.call.start(state.simulatorFile);
    const server = new ProductServer({ dataDir: state.dataDir, simulator: service, env });
    await server.start();
    const api = await Api.login(server.url);
    await until('all outlets to be healthy', TOLD_WITHIN_MS, async () => (await api.statuses()).healthy === outlets);
    const subscriber = api.subscribe();
    await new Promise((resolve) => subscriber.once('outlet-status:snapshot', resolve));
    const all = await api.outlets();
    return new Stage({ simulator, server, api, subscriber, outlets: all, service, bareDir: state.bareDir });
  }

  async close(): Promise<void> {
    this.subscriber.close();
    await this.server.stop();
    await this.simulator.call.stop();
    await this.simulator.end();
  }

  /** When the subscriber was told a status of this outlet that `is` what is waited for. Ask before it can come. */
  told(outletId: string, is: (status: OutletStatus) => boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.subscriber.off('outlet-status:changed', listen);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`Outlet ${outletId} was not told to be what was waited for`));
      }, TOLD_WITHIN_MS);
      const listen = ({ status }: { status: OutletStatus }): void => {
        if (status.outletId !== outletId || !is(status)) return;
        end();
        resolve(now());
      };
      this.subscriber.on('outlet-status:changed', listen);
    });
  }

  /** When the outlet was told to be connected again, after it was told not to be. */
  async back(outletId: string): Promise<number> {
    let wasLost = false;
    return this.told(outletId, ({ session }) => {
      if (session.status !== 'CONNECTED') wasLost = true;
      return wasLost && session.status === 'CONNECTED';
    });
  }
}
