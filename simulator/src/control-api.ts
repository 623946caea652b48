import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { controlFault, FAULT_NAMES } from './control-faults.js';
import type { GlobalFaults } from './faults/faults.js';
import { advanceClock, controlPhone, createPhone, phoneView } from './control-phones.js';
import { type Body, only, RequestError, statusOf, unknownPath } from './control-request.js';
import type { Phone } from './phone/phone.js';
import { hostName, isLoopback } from './server.js';
import type { Simulator } from './simulator-api.js';
import { SimulatorError } from './simulator-error.js';

const MAX_BODY_BYTES = 256 << 10;
const PREFIX = '/sim';

/** JSON over HTTP on the simulator's own port, for people and for tests in other languages. */
export class ControlApi {
  constructor(
    private readonly simulator: Simulator,
    private readonly allowRemote: boolean,
  ) {}

  readonly listener: RequestListener = (request, response) => {
    void this.respond(request, response);
  };

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.mustBeLocal(request);
      const { pathname } = new URL(request.url ?? '/', 'http://simulator');
      if (pathname !== PREFIX && !pathname.startsWith(`${PREFIX}/`)) throw unknownPath();
      const path = pathname
        .slice(PREFIX.length + 1)
        .split('/')
        .map(decodeURIComponent);
      const body = request.method === 'POST' ? await readBody(request) : {};
      send(response, 200, await this.route(`${request.method ?? 'GET'}`, path, body));
    } catch (error) {
      if (error instanceof RequestError) send(response, error.status, { code: error.code, message: error.message });
      else if (error instanceof SimulatorError)
        send(response, statusOf(error.code), { code: error.code, message: error.message });
      else if (error instanceof URIError)
        send(response, 400, { code: 'BAD_REQUEST', message: 'The path is not valid.' });
      else send(response, 500, { code: 'INTERNAL', message: 'The simulator failed on this request.' });
    }
  }

  private async route(method: string, [area, number, action, ...rest]: string[], body: Body): Promise<unknown> {
    if (rest.length > 0) throw unknownPath();
    if (area === 'state' && number === undefined) {
      only(method, 'GET');
      return this.state();
    }
    if (area === 'faults' && number === undefined) return faults(method, this.simulator.faults, body);
    if (area === 'clock' && number === undefined) {
      only(method, 'POST');
      return advanceClock(this.simulator, body);
    }
    if (area !== 'phones') throw unknownPath();
    if (number === undefined) {
      only(method, 'POST');
      return createPhone(this.simulator, body);
    }
    const phone = this.knownPhone(number);
    if (action === 'faults') return faults(method, phone.faults, body);
    if (action !== undefined) return controlPhone(method, phone, action, body);
    only(method, 'GET');
    return phoneView(phone);
  }

  private state(): unknown {
    const { simulator } = this;
    return {
      url: simulator.url,
      rootKey: simulator.rootKey,
      now: simulator.now(),
      phones: simulator.phones().map(phoneView),
      connections: simulator.connections(),
      faults: simulator.faults.active(),
      counters: simulator.counters(),
    };
  }

  private knownPhone(number: string): Phone {
    const phone = this.simulator.phones().find((each) => each.number === number);
    if (!phone)
      throw new RequestError(
        404,
        'PHONE_UNKNOWN',
        `There is no phone ${number}; create it with POST ${PREFIX}/phones.`,
      );
    return phone;
  }

  /** A web page in somebody's browser must not reach this, neither directly nor by rebinding its name to 127.0.0.1. */
  private mustBeLocal(request: IncomingMessage): void {
    const { host, origin } = request.headers;
    if (!this.allowRemote && !isLoopback(hostName(host)))
      throw new RequestError(403, 'HOST_REFUSED', 'The control API answers to loopback names only.');
    if (origin !== undefined && origin !== `http://${host ?? ''}`)
      throw new RequestError(403, 'ORIGIN_REFUSED', 'The control API answers no web pages.');
  }
}

function faults(method: string, target: Phone['faults'] | GlobalFaults, body: Body): unknown {
  if (method === 'GET') return { active: target.active() };
  if (method === 'DELETE') {
    target.clear();
    return { active: target.active() };
  }
  only(method, 'POST');
  const affected = controlFault(target, body);
  if (affected === undefined)
    throw new RequestError(400, 'FAULT_UNKNOWN', `"fault" must be one of ${FAULT_NAMES.join(', ')}.`);
  return { affected, active: target.active() };
}

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new RequestError(413, 'BODY_TOO_LARGE', `A body has at most ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (body !== null && typeof body === 'object' && !Array.isArray(body)) return body as Body;
  } catch {
    // said below
  }
  throw new RequestError(400, 'BAD_JSON', 'The body must be one JSON object.');
}

function send(response: ServerResponse, status: number, content: unknown): void {
  const text = JSON.stringify(content);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(`${text}\n`);
}
