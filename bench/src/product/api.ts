import type { LoginAnswer } from '@koneksi/contracts/auth';
import type { OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { ClientToServerEvents, ServerToClientEvents } from '@koneksi/contracts/realtime';
import { io, type Socket } from 'socket.io-client';
import { SUPERADMIN } from './server.ts';

export type Subscriber = Socket<ServerToClientEvents, ClientToServerEvents>;

/** The product's REST, as a SUPERADMIN. */
export class Api {
  readonly url: string;
  readonly token: string;

  private constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  static async login(url: string): Promise<Api> {
    const { accessToken } = await request<LoginAnswer>(`${url}/api/auth/login`, 'POST', undefined, SUPERADMIN);
    return new Api(url, accessToken);
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return request(`${this.url}/api${path}`, 'POST', this.token, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return request(`${this.url}/api${path}`, 'PATCH', this.token, body);
  }

  get<T>(path: string): Promise<T> {
    return request(`${this.url}/api${path}`, 'GET', this.token);
  }

  outlets(): Promise<Outlet[]> {
    return this.get('/outlets');
  }

  remove(path: string): Promise<unknown> {
    return request(`${this.url}/api${path}`, 'DELETE', this.token);
  }

  statuses(locale = 'id'): Promise<OutletStatusDocument> {
    return request(`${this.url}/api/outlets/status`, 'GET', this.token, undefined, locale);
  }

  createOutlet(whatsappNumber: string): Promise<Outlet> {
    return this.post('/outlets', { name: `Outlet ${whatsappNumber.slice(-4)}`, whatsappNumber });
  }

  subscribe(): Subscriber {
    return io(this.url, { auth: { token: this.token }, transports: ['websocket'], forceNew: true });
  }
}

async function request<T>(url: string, method: string, token?: string, body?: unknown, locale?: string): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(locale !== undefined && { 'accept-language': locale }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
