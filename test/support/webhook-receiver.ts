import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

export interface Heard {
  path: string;
  id: string;
  timestamp: number;
  signatures: string[];
  text: string;
  type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
}

type Behaviour = (response: ServerResponse, heard: Heard) => void;

const take: Behaviour = (response) => void response.writeHead(204).end();

/** Somebody's service that takes webhooks, and behaves as it is told to. */
export class WebhookReceiver {
  /** Every request there was, and those that were answered well. */
  readonly heard: Heard[] = [];
  readonly taken: Heard[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  private behaviour: Behaviour = take;
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await receiver.open();
    return receiver;
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** From now on, or as ever. */
  behave(behaviour: Behaviour = take): void {
    this.behaviour = behaviour;
  }

  answer(status: number, headers: Record<string, string> = {}): void {
    this.behave((response) => void response.writeHead(status, headers).end());
  }

  /** Listens, at the same place each time. */
  async open(): Promise<void> {
    this.server = createServer((request, response) => void this.take(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.port ||= await freePort();
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
  }

  /** As if it had died: nobody listens, and what was open is cut. */
  async die(): Promise<void> {
    const { server } = this;
    this.server = null;
    const closed = new Promise((resolve) => server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    if (server) await closed;
  }

  async gets(what: string, matches: (heard: Heard) => boolean): Promise<Heard> {
    return eventually(`the receiver takes ${what}`, () => this.taken.find(matches));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    response.once('close', () => this.atOnce--);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const text = Buffer.concat(chunks).toString();
    const { type, data } = JSON.parse(text);
    const heard: Heard = {
      path: request.url ?? '',
      id: String(request.headers['webhook-id']),
      timestamp: Number(request.headers['webhook-timestamp']),
      signatures: String(request.headers['webhook-signature']).split(' '),
      text,
      type,
      data,
    };
    this.heard.push(heard);
    response.once('finish', () => {
      if (response.statusCode < 300) this.taken.push(heard);
    });
    this.behaviour(response, heard);
  }
}

/** As a receiver checks it: by the specification, with code of its own. */
export function isSignedBy(secret: string, { id, timestamp, signatures, text }: Heard): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const right = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest('base64');
  return Math.abs(Date.now() / 1_000 - timestamp) < 300 && signatures.includes(`v1,${right}`);
}
