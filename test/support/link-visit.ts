import type { PairingCodeChange, QrChange } from '@koneksi/contracts/realtime';
import {
  LINK_NAMESPACE,
  type LinkClientEvents,
  type LinkedOutlet,
  type LinkServerEvents,
} from '@koneksi/contracts/reconnect-links';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { PATIENCE_MS, patiently } from './eventually.js';

/** Somebody who has a reconnect link and no account: keeps everything they hear, whatever its name. */
export class LinkVisit {
  readonly heard: [event: string, fact: unknown][] = [];
  /** How the server or the network ended it. */
  readonly ended: Promise<string>;
  private readonly listeners = new Set<() => void>();

  private constructor(readonly socket: Socket<LinkServerEvents, LinkClientEvents>) {
    socket.onAny((event: string, fact: unknown) => {
      this.heard.push([event, fact]);
      for (const listener of [...this.listeners]) listener();
    });
    this.ended = new Promise((resolve) => socket.once('disconnect', resolve));
  }

  /** Fails with the server's word where it is refused. */
  static async open(
    url: string,
    token: unknown,
    settings: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<LinkVisit> {
    const socket: Socket<LinkServerEvents, LinkClientEvents> = io(`${url}${LINK_NAMESPACE}`, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ackTimeout: PATIENCE_MS,
      ...settings,
    });
    const visit = new LinkVisit(socket);
    const refused = new Promise<never>((_, reject) => socket.once('connect_error', reject));
    try {
      await patiently(
        Promise.race([refused, visit.sees('its outlet', () => true)]),
        () => 'neither let in nor refused',
      );
    } catch (error) {
      socket.disconnect();
      throw error;
    }
    return visit;
  }

  /** What it was told of the outlet, the first that fits. */
  sees(what: string, fits: (outlet: LinkedOutlet) => boolean): Promise<LinkedOutlet> {
    return this.hears('reconnect-link:changed', what, fits);
  }

  async qr(): Promise<string> {
    return (await this.hears<QrChange>('outlet-qr:changed', 'a QR', ({ qr }) => qr !== null)).qr!;
  }

  async code(): Promise<string> {
    const isCode = ({ pairingCode }: PairingCodeChange): boolean => pairingCode !== null;
    return (await this.hears<PairingCodeChange>('outlet-pairing-code:changed', 'a code', isCode)).pairingCode!;
  }

  close(): void {
    this.socket.disconnect();
  }

  private hears<Fact>(event: string, what: string, fits: (fact: Fact) => boolean): Promise<Fact> {
    const look = (): Fact | undefined =>
      this.heard.find(([name, fact]) => name === event && fits(fact as Fact))?.[1] as Fact | undefined;
    const found = new Promise<Fact>((resolve) => {
      const listener = (): void => {
        const fact = look();
        if (fact === undefined) return;
        this.listeners.delete(listener);
        resolve(fact);
      };
      this.listeners.add(listener);
      listener();
    });
    return patiently(found, () => `${what} was not told; heard: ${this.heard.map(([name]) => name).join(', ')}`);
  }
}

/** What stands in a link behind its last slash. */
export const tokenOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
