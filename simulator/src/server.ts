import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Door } from './faults/faults.js';
import { SimulatorError } from './simulator-error.js';

/** Where clients connect. */
export const CHAT_PATH = '/ws/chat';

const MAX_MESSAGE_BYTES = 17 << 20;
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The name in a Host header, without the port. */
export function hostName(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').toLowerCase();
}

export interface ServerHandlers {
  /** The HTTP status to refuse an upgrade with, or undefined to accept it. */
  refusal(): number | undefined;
  /** `query` is what the URL says behind its `?`. */
  connected(socket: WebSocket, address: string, query: string): void;
}

/** The port: websocket upgrades, plain HTTP for whoever asks for it, and refusing everybody at all. */
export class SimulatorServer implements Door {
  private readonly http: Server = createServer((request, response) => this.respond(request, response));
  private respond: RequestListener = (_request, response) => response.writeHead(404).end();
  private handlers: ServerHandlers = { refusal: () => 503, connected: (socket) => socket.terminate() };
  private readonly sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    clientTracking: false,
  });
  private opening: Promise<void> | undefined;
  private stopped = false;
  private boundPort = 0;

  constructor(
    private readonly host: string,
    private readonly wantedPort: number,
  ) {
    this.http.on('upgrade', (request, socket, head) => this.upgrade(request, socket as Socket, head));
    // Out of descriptors, say: the next client may have better luck.
    this.http.on('error', () => undefined);
    // A client that breaks off or talks no HTTP concerns nobody else.
    this.http.on('clientError', (_error, socket) => socket.destroy());
  }

  /** From here on websockets are handed over. */
  serve(handlers: ServerHandlers): void {
    this.handlers = handlers;
  }

  /** Without this, every plain request gets a 404. */
  answerHttp(listener: RequestListener): void {
    this.respond = listener;
  }

  get port(): number {
    return this.boundPort;
  }

  /** Listens, again on the same port after close(). Rejects with PORT_UNAVAILABLE. */
  async open(): Promise<void> {
    if (this.http.listening || this.stopped) return;
    this.opening ??= new Promise<void>((resolve, reject) => {
      const port = this.boundPort || this.wantedPort;
      const failed = (error: NodeJS.ErrnoException) =>
        reject(
          new SimulatorError(
            'PORT_UNAVAILABLE',
            `Cannot listen on ${this.host}:${port} (${error.code ?? error.message}).`,
          ),
        );
      this.http.once('error', failed);
      this.http.listen(port, this.host, () => {
        this.http.off('error', failed);
        this.boundPort = (this.http.address() as AddressInfo).port;
        resolve();
      });
    }).finally(() => (this.opening = undefined));
    await this.opening;
  }

  /** Stops listening; open websockets live on. */
  close(): Promise<void> {
    // The callback of close() would wait for them.
    if (this.http.listening) this.http.close();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.close();
    this.http.closeAllConnections();
  }

  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { pathname, search } = new URL(request.url ?? '/', 'http://simulator');
    const status = pathname === CHAT_PATH ? this.handlers.refusal() : 404;
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    socket.setNoDelay(true);
    const address = socket.remoteAddress ?? '';
    const query = search.slice(1);
    this.sockets.handleUpgrade(request, socket, head, (websocket) =>
      this.handlers.connected(websocket, address, query),
    );
  }
}
