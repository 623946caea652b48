import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A network between a browser and the product that can be cut and mended. */
export class BreakableNetwork {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private broken = false;
  private target = 0;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(): Promise<BreakableNetwork> {
    const server = createServer();
    const network = new BreakableNetwork(server);
    server.on('connection', (socket) => network.carry(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return network;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  leadTo(port: number): void {
    this.target = port;
  }

  cut(): void {
    this.broken = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.broken = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(socket: Socket): void {
    if (this.broken) return void socket.destroy();
    const onward = connect(this.target, '127.0.0.1');
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.sockets.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        this.sockets.delete(end);
        // As a router that finds nobody behind it: whoever waits would wait for ever.
        other.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  }
}
