import { createHash } from 'node:crypto';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** What tells the newer pages from the older ones. */
const NEWER = '<meta name="newer" content="1" />';

interface Manifest {
  timestamp: number;
  hashTable: Record<string, string>;
}

/** The product as it is after an update: everything as before, but for the first file of its pages. */
export class NewerPages {
  private constructor(
    private readonly server: Server,
    private readonly productPort: number,
  ) {}

  static async of(productPort: number): Promise<NewerPages> {
    const server = createServer();
    const pages = new NewerPages(server, productPort);
    server.on('request', (asked, answer) => void pages.answer(asked, answer));
    server.on('upgrade', (asked: IncomingMessage, socket, head) => {
      const onward = connect(productPort, '127.0.0.1');
      const headers = Object.entries(asked.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      onward.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
      for (const [end, other] of [
        [socket, onward],
        [onward, socket],
      ] as const)
        end.on('error', () => other.destroy()).on('close', () => other.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return pages;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const path = asked.url!.split('?')[0]!;
    if (path === '/ngsw.json') return void answer.end(await this.manifest());
    if (path === '/index.html' || asked.headers.accept?.includes('text/html'))
      return void answer.setHeader('content-type', 'text/html; charset=utf-8').end(await this.index());
    const { method, headers, url } = asked;
    const onward = request({ port: this.productPort, host: '127.0.0.1', method, headers, path: url }, (reply) => {
      answer.writeHead(reply.statusCode!, reply.headers);
      reply.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  }

  private async manifest(): Promise<string> {
    const manifest = (await (await fetch(this.original('/ngsw.json'))).json()) as Manifest;
    manifest.timestamp += 1;
    manifest.hashTable['/index.html'] = createHash('sha1')
      .update(await this.index())
      .digest('hex');
    return JSON.stringify(manifest);
  }

  private async index(): Promise<string> {
    return (await (await fetch(this.original('/index.html'))).text()).replace('</head>', `${NEWER}</head>`);
  }

  private original(path: string): string {
    return `http://127.0.0.1:${this.productPort}${path}`;
  }
}
