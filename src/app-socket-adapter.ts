import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { AllowedOrigins } from './config/allowed-origins.js';
import { SocketWrites } from './common/socket-writes.js';

const MAX_REFUSALS_LOGGED = 20;
const DEFLATE_FROM_BYTES = 16_384;
const PATH = '/socket.io/';
const STRICT_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Socket.IO behind the same list of origins as everything else: browsers do not ask before they open a websocket, so
 * each handshake, polled or upgraded, is refused here or never.
 */
export class AppSocketAdapter extends IoAdapter {
  private readonly socketLogger = new Logger('Socket.IO');
  private readonly refusedOrigins = new Set<string>();

  constructor(
    app: INestApplicationContext,
    private readonly origins: AllowedOrigins,
    private readonly severalNodes: boolean,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    const server = super.createIOServer(port, {
      ...options,
      // Polling would need each of its requests to find the same node.
      transports: this.severalNodes ? ['websocket'] : ['websocket', 'polling'],
      serveClient: false,
      // Commands are a few hundred bytes; big things travel by REST.
      maxHttpBufferSize: 100_000,
      // A snapshot of a thousand outlets shrinks to a tenth; small messages go as they are, and no client costs a
      // zlib context between two messages.
      perMessageDeflate: {
        threshold: DEFLATE_FROM_BYTES,
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
      },
      connectTimeout: 10_000,
      // Pages take a server that is silent for longer than two of these for lost, and say so within ten seconds.
      pingInterval: 3_000,
      allowRequest: (request: IncomingMessage, decide: (error: string | undefined, allowed: boolean) => void) => {
        const { origin } = request.headers;
        const allowed = this.origins.allows(origin);
        if (!allowed) this.tellOnce(origin ?? '');
        decide(allowed ? undefined : 'ORIGIN_REFUSED', allowed);
      },
    } as ServerOptions);
    // Whatever is refused before there is a session is answered by the engine alone.
    server.engine.use((_: IncomingMessage, response: ServerResponse, next: () => void) => {
      for (const [name, value] of Object.entries(STRICT_HEADERS)) response.setHeader(name, value);
      next();
    });
    // Polling answers by itself, past everything that guards the other answers.
    server.engine.on('headers', (headers: Record<string, string>) => Object.assign(headers, STRICT_HEADERS));
    new SocketWrites().serve(server);
    // Node has no type for it. Java's client offers `h2c` with each request: whoever may decline goes on in HTTP/1.1, where
    // Node would give all of them to the engine, which hangs up on what is none of its sockets.
    Object.assign(this.httpServer as HttpServer, { shouldUpgradeCallback: isForSockets });
    return server;
  }

  private tellOnce(origin: string): void {
    if (this.refusedOrigins.has(origin) || this.refusedOrigins.size >= MAX_REFUSALS_LOGGED) return;
    this.refusedOrigins.add(origin);
    this.socketLogger.warn(
      `Refused a page from ${JSON.stringify(origin.slice(0, 100))}; PUBLIC_ORIGIN lists who may connect`,
    );
  }
}

function isForSockets({ headers, url = '' }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && url.startsWith(PATH);
}
