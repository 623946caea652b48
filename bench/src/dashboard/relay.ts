import { connect, createServer, type AddressInfo } from 'node:net';
import { later } from '../clean-up.ts';
import { now } from '../clock.ts';

export interface Relay {
  url: string;
  /** Bytes the server has sent through it, headers and compressed bodies alike. */
  received: () => number;
  /** The same up to an instant, in milliseconds since the epoch by the system's clock. */
  receivedBy: (instant: number) => number;
}

/** A second address of the server that counts what passes, WebSocket frames included. */
export async function relayTo(address: () => string): Promise<Relay> {
  let received = 0;
  const log: { at: number; received: number }[] = [];
  const server = createServer({ noDelay: true }, (page) => {
    const { hostname, port } = new URL(address());
    const product = connect({ host: hostname, port: Number(port), noDelay: true });
    product.on('data', (chunk) => {
      received += chunk.length;
      log.push({ at: now(), received });
    });
    page.pipe(product).pipe(page);
    page.on('error', () => product.destroy());
    product.on('error', () => page.destroy());
    page.on('close', () => product.destroy());
    product.on('close', () => page.destroy());
  });
  const receivedBy = (instant: number): number => log.findLast(({ at }) => at <= instant)?.received ?? 0;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  later(() => Promise.resolve(server.close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received: () => received, receivedBy };
}
