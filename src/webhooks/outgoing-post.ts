import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { TryFault } from '@koneksi/contracts/webhooks';
import { isOpenPort } from './domain/closed-ports.js';
import type { Outcome } from './domain/verdict.js';
import type { Egress } from './egress.js';
import { addressesOf, type Address, type Names } from './resolve-name.js';

/** What is read of an answer before the connection is ended; nothing of it is kept. */
const ANSWER_BYTES = 16_384;

interface Post {
  url: URL;
  headers: Record<string, string>;
  body: string | Buffer;
  egress: Egress;
  /** For all of it: name, connection, request and answer. */
  timeoutMs: number;
  /** Who is asked for names, instead of whom the system asks. */
  names?: Names;
  /** Cuts it off. */
  signal?: AbortSignal;
}

class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

/**
 * The one way by which the server speaks to addresses that people name. The address that a name leads to is judged where
 * it is connected to, so that it cannot be another by then; redirects are not followed; no proxy is asked; nothing of
 * the answer counts but its status. Never throws.
 */
export function post({ url, headers, body, egress, timeoutMs, names, signal }: Post): Promise<Outcome> {
  const isEncrypted = url.protocol === 'https:';
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!isOpenPort(url)) return Promise.resolve(failed('PORT_REFUSED'));
  // A host that is an address is never looked up.
  if (isIP(hostname) > 0 && !egress.mayReach(hostname)) return Promise.resolve(failed('ADDRESS_REFUSED'));
  return new Promise((resolve) => {
    const over = new AbortController();
    const cut = (): unknown => request.destroy(new Error('ENDING'));
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: lookupWithin(egress, over.signal, names),
      // One connection each: none is kept to a place that a name does not lead to any more.
      agent: isEncrypted ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false }),
      maxHeaderSize: ANSWER_BYTES,
    };
    const request = isEncrypted ? httpsRequest(url, options) : httpRequest(url, options);
    const deadline = setTimeout(() => request.destroy(new Error('TIMEOUT')), timeoutMs);
    if (signal?.aborted) cut();
    signal?.addEventListener('abort', cut);
    let answer: Outcome | null = null;
    request.on('socket', (socket) => judgeAgain(socket, request, egress));
    request.on('response', (response) => {
      answer = { status: response.statusCode ?? null, fault: null, retryAfterMs: retryAfterOf(response) };
      drain(response);
    });
    request.on('error', (error) => {
      answer ??= failed(faultOf(error));
    });
    request.on('close', () => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', cut);
      over.abort();
      resolve(answer ?? failed('CUT_OFF'));
    });
    request.end(body);
  });
}

const failed = (fault: TryFault): Outcome => ({ status: null, fault, retryAfterMs: null });

/** Looks a name up and leaves out what may not be reached. */
function lookupWithin(egress: Egress, signal: AbortSignal, names?: Names): LookupFunction {
  return (name, options, answer) => {
    const find = async (): Promise<Address[]> => {
      const usable = (await addressesOf(name, signal, names)).filter(({ address }) => egress.mayReach(address));
      if (usable.length === 0) throw new AddressRefused('no address of this name may be reached');
      return usable;
    };
    find().then(
      (usable) => (options.all ? answer(null, usable) : answer(null, usable[0]!.address, usable[0]!.family)),
      (error: Error) => answer(error, []),
    );
  };
}

/** What it is connected to at last, whatever came before. */
function judgeAgain(socket: Socket, request: ClientRequest, egress: Egress): void {
  socket.once('connect', () => {
    if (!egress.mayReach(socket.remoteAddress ?? '')) request.destroy(new AddressRefused('connected elsewhere'));
  });
}

function drain(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) response.destroy();
  });
  // It was answered; how the rest of it ends says nothing.
  response.on('error', () => undefined);
}

/** Seconds or a date. */
function retryAfterOf({ headers }: IncomingMessage): number | null {
  const text = headers['retry-after'];
  if (text === undefined) return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return ms > 0 ? ms : null;
}

const FAULTS: Record<string, TryFault> = {
  ADDRESS_REFUSED: 'ADDRESS_REFUSED',
  NAME_UNKNOWN: 'NAME_UNKNOWN',
  ECONNREFUSED: 'UNREACHABLE',
  EHOSTUNREACH: 'UNREACHABLE',
  ENETUNREACH: 'UNREACHABLE',
  EADDRNOTAVAIL: 'UNREACHABLE',
  ETIMEDOUT: 'TIMEOUT',
  ECONNRESET: 'CUT_OFF',
  EPIPE: 'CUT_OFF',
};

function faultOf(error: Error & { code?: string }): TryFault {
  if (error.message === 'TIMEOUT') return 'TIMEOUT';
  const { code = '' } = error;
  // Of several addresses tried none answered.
  const inner = error instanceof AggregateError ? (error.errors[0] as { code?: string } | undefined)?.code : undefined;
  const known = FAULTS[code] ?? FAULTS[inner ?? ''];
  if (known) return known;
  return /CERT|SSL|TLS|SELF_SIGNED|VERIFY|ALTNAME/.test(code) ? 'TLS_FAILED' : 'CUT_OFF';
}
