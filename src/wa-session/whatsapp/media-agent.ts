import { Agent, type RequestOptions } from 'node:https';
import { connect, type Socket } from 'node:net';

/** Reaches one host without TLS, and no other at all. */
class PlainAgent extends Agent {
  constructor(private readonly only: string) {
    super();
  }

  override createConnection({ host, port }: RequestOptions): Socket {
    if (host !== this.only) throw new Error(`media is at ${this.only} alone`);
    return connect({ host: this.only, port: Number(port) });
  }
}

/**
 * What Baileys uploads files with. WhatsApp's hosts are reached over TLS, by its default; a service whose chat is
 * reached without, such as the simulated one, has its files beside it, in the plain.
 */
export function mediaAgent(webSocketUrl: string): Agent | undefined {
  const { protocol, hostname } = new URL(webSocketUrl);
  return protocol === 'wss:' ? undefined : new PlainAgent(hostname);
}
