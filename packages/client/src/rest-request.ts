import type { ErrorCode } from '@koneksi/contracts/errors';

export interface RestOptions {
  /** Where Koneksi answers, such as `https://koneksi.example`. */
  url: string;
  /** An API key, or whatever fetches an access token that is valid now: asked for at each request. */
  token: string | (() => Promise<string> | string);
  /** The language of sentences; Indonesian without one. */
  locale?: 'id' | 'en';
  /** How often a request is tried at most; 4 without one. */
  tries?: number;
  /** How long one try may take; 30 000 without one. Milliseconds. */
  timeoutMs?: number;
  /** The longest wait that the server may ask for before it is tried again; 60 000 without one. Milliseconds. */
  patienceMs?: number;
}

interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api`. */
  path: string;
  query?: object | undefined;
  body?: unknown;
  /** Of a POST: the same again under the same key is done once. */
  idempotencyKey?: string | undefined;
}

/** A refusal, by the `code` that programs switch on; `UNREACHABLE` where no answer came, or none of Koneksi's. */
export class KoneksiError extends Error {
  readonly code: ErrorCode | 'UNREACHABLE';
  /** Of HTTP; 0 where no answer came. */
  readonly status: number;
  readonly fields: readonly { field: string; message: string }[];
  /** What the server's log knows it by. */
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** How long the server asks to wait. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, body: unknown, retryAfterSeconds: number | null = null, cause?: unknown) {
    const { code, message, fields, requestId, details } = errorOf(body);
    super(message ?? `no answer of Koneksi's (${status})`, { cause });
    this.name = 'KoneksiError';
    this.code = code ?? 'UNREACHABLE';
    this.status = status;
    this.fields = fields ?? [];
    this.requestId = requestId ?? null;
    this.details = details ?? {};
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface Told {
  code?: ErrorCode;
  message?: string;
  fields?: { field: string; message: string }[];
  requestId?: string;
  details?: Record<string, unknown>;
}

const DEFAULTS = { tries: 4, timeoutMs: 30_000, patienceMs: 60_000 };
const BACKOFF_MS = { first: 500, most: 8_000 };

/** The outlet obeyed and the key is used up: asked for anew, it would be a second wish. */
const OBEYED: readonly string[] = [
  'PAIRING_CODE_LIMITED',
  'PAIRING_CODE_REFUSED',
  'PAIRING_CODE_UNAVAILABLE',
  'WHATSAPP_UNREACHABLE',
];

/**
 * Sends it until it is answered, as long as trying again cannot do a thing twice: reads always, a POST by its key, other
 * changes only where the server says that nothing was done.
 * @throws {KoneksiError}
 */
export async function send<Answer>(options: RestOptions, request: Request): Promise<Answer> {
  const { tries, patienceMs } = { ...DEFAULTS, ...options };
  for (let attempt = 1; ; attempt++) {
    try {
      return await once<Answer>(options, request);
    } catch (thrown) {
      const error = thrown instanceof KoneksiError ? thrown : new KoneksiError(0, null, null, thrown);
      if (attempt >= tries || !mayTryAgain(request, error)) throw error;
      const wait = Math.max((error.retryAfterSeconds ?? 0) * 1_000, backoff(attempt));
      if (wait > patienceMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function once<Answer>(
  options: RestOptions,
  { method, path, query, body, idempotencyKey }: Request,
): Promise<Answer> {
  const { url, token, locale } = options;
  const address = new URL(`api${path}`, url.endsWith('/') ? url : `${url}/`);
  for (const [name, value] of Object.entries<string | number | boolean | undefined>({ ...query }))
    if (value !== undefined) address.searchParams.set(name, String(value));
  const response = await fetch(address, {
    method,
    headers: {
      authorization: `Bearer ${typeof token === 'string' ? token : await token()}`,
      ...(locale && { 'accept-language': locale }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // A token goes nowhere but where it was meant for.
    redirect: 'error',
    signal: AbortSignal.timeout(options.timeoutMs ?? DEFAULTS.timeoutMs),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const answer: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
  if (!response.ok) throw new KoneksiError(response.status, answer, secondsOf(response.headers.get('retry-after')));
  return answer as Answer;
}

function mayTryAgain({ method, idempotencyKey }: Request, { status, code }: KoneksiError): boolean {
  if (OBEYED.includes(code)) return false;
  if (code === 'IDEMPOTENCY_IN_PROGRESS' || status === 429 || status === 503) return code !== 'UNREACHABLE' || isSafe();
  // Nobody knows what came of it: only what may be done twice, or is done once by its key, is sent again.
  return (status === 0 || status === 502 || status === 504) && isSafe() && !(method === 'POST' && status === 504);

  function isSafe(): boolean {
    return method === 'GET' || (method === 'POST' && idempotencyKey !== undefined);
  }
}

function backoff(attempt: number): number {
  return Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

/** As this server says it, or a proxy before it: seconds or a date. */
function secondsOf(text: string | null): number | null {
  if (text === null) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function errorOf(body: unknown): Told {
  const told = typeof body === 'object' && body !== null ? (body as { error?: unknown }).error : null;
  return typeof told === 'object' && told !== null ? told : {};
}
