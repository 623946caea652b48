import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
  type ECDH,
  type JsonWebKey,
} from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CreatePushSubscription } from '@koneksi/contracts/push';
import { eventually } from './eventually.js';

export interface Notice {
  /** Which browser it is for. */
  name: string;
  title: string;
  body: string;
  /** Where a press leads. */
  url: string;
  tag: string;
  headers: Record<string, string>;
  /** All that was decrypted. */
  text: string;
}

interface Browser {
  keys: ECDH;
  auth: Buffer;
}

function newBrowser(): Browser {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  return { keys, auth: randomBytes(16) };
}

const asHandedIn = ({ keys, auth }: Browser, endpoint: string, browser: string): CreatePushSubscription => ({
  endpoint,
  keys: { p256dh: keys.getPublicKey().toString('base64url'), auth: auth.toString('base64url') },
  browser,
});

/** A browser that nobody calls. */
export const browserAt = (endpoint: string, name = 'Chrome'): CreatePushSubscription =>
  asHandedIn(newBrowser(), endpoint, name);

/** A push service (RFC 8030) and the browsers behind it: decrypts what arrives by the letter of RFC 8291. */
export class PushService {
  readonly taken: Notice[] = [];
  /** Every request there was, by the name of its browser. */
  readonly asked: string[] = [];
  private readonly browsers = new Map<string, Browser>();
  private readonly answers = new Map<string, { status: number; headers?: Record<string, string> }>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<PushService> {
    const server = createServer();
    const service = new PushService(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () =>
        service.take(request.url!.slice(1), request.headers as Record<string, string>, Buffer.concat(chunks), response),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A browser that subscribes, as it hands it to the page. */
  browser(name: string): CreatePushSubscription {
    const browser = newBrowser();
    this.browsers.set(name, browser);
    return asHandedIn(browser, `${this.origin}/${name}`, name);
  }

  /** From now on, to what is for this browser. */
  answer(name: string, status: number, headers?: Record<string, string>): void {
    this.answers.set(name, { status, headers });
  }

  gets(what: string, fits: (notice: Notice) => boolean): Promise<Notice> {
    return eventually(`a browser gets ${what}`, () => this.taken.find(fits));
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private take(name: string, headers: Record<string, string>, body: Buffer, response: ServerResponse): void {
    this.asked.push(name);
    const { status, headers: more } = this.answers.get(name) ?? { status: 201 };
    const browser = this.browsers.get(name);
    if (status === 201 && browser) {
      const text = decrypt(browser, body);
      const { notification } = JSON.parse(text);
      const { title, body: words, tag } = notification;
      this.taken.push({
        name,
        title,
        body: words,
        url: notification.data.onActionClick.default.url,
        tag,
        headers,
        text,
      });
    }
    response.writeHead(status, more).end();
  }
}

/** The one record of `aes128gcm` (RFC 8188), under the key that RFC 8291, section 3.4, derives. */
function decrypt({ keys, auth }: Browser, body: Buffer): string {
  const salt = body.subarray(0, 16);
  const idLength = body[20]!;
  const sender = body.subarray(21, 21 + idLength);
  const record = body.subarray(21 + idLength);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender]);
  const secret = Buffer.from(hkdfSync('sha256', keys.computeSecret(sender), auth, info, 32));
  const derive = (what: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${what}\0`, length));
  const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString();
}

interface Claims {
  aud: string;
  exp: number;
  sub: string;
}

/** What a push service reads of the sender, once it has checked the signature by the key it was subscribed with (RFC 8292). */
export function signedClaims({ headers }: Notice, publicKey: string): Claims | null {
  const [, token = '', key] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
  if (key !== publicKey) return null;
  const point = Buffer.from(publicKey, 'base64url');
  const jwk: JsonWebKey = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const [header, claims, signature = ''] = token.split('.');
  const isRight = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  return isRight ? (JSON.parse(Buffer.from(claims!, 'base64url').toString()) as Claims) : null;
}
