import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { later } from '../clean-up.ts';
import { now } from '../clock.ts';

export interface SlowNetwork {
  /** What everything that comes from the server shares. */
  bytesPerSecond: number;
  /** There and back. Milliseconds. */
  roundTripMs: number;
}

/** What fits in a packet: nobody has to wait for more than one of somebody else's. */
const PACKET = 1_400;

/**
 * A second address of the server, behind a slow line: also for sockets and for a worker's own requests, which the slow
 * lines that browsers pretend leave out.
 */
export async function slowLineTo(address: () => string, { bytesPerSecond, roundTripMs }: SlowNetwork): Promise<string> {
  let freeAt = 0;
  /** Of each connection in order, however timers fall. */
  const carry = (to: Socket): ((chunk: Buffer, extraMs: number, takes: number) => void) => {
    let last = 0;
    return (chunk, extraMs, takes) => {
      const begins = Math.max(now(), freeAt);
      if (takes > 0) freeAt = begins + takes;
      last = Math.max(last, (takes > 0 ? freeAt : now()) + roundTripMs / 2 + extraMs);
      setTimeout(() => to.writable && to.write(chunk), last - now());
    };
  };
  const server = createServer({ noDelay: true }, (page) => {
    const { hostname, port } = new URL(address());
    const product = connect({ host: hostname, port: Number(port), noDelay: true });
    const [up, down] = [carry(product), carry(page)];
    let isNew = true;
    page.on('data', (chunk) => {
      // A connection is made by a round trip of its own.
      up(chunk, isNew ? roundTripMs : 0, 0);
      isNew = false;
    });
    product.on('data', (chunk) => {
      for (let at = 0; at < chunk.length; at += PACKET) {
        const packet = chunk.subarray(at, at + PACKET);
        down(packet, 0, (packet.length * 1_000) / bytesPerSecond);
      }
    });
    page.on('error', () => product.destroy());
    product.on('error', () => page.destroy());
    page.on('close', () => product.destroy());
    product.on('close', () => page.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  later(() => Promise.resolve(server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
