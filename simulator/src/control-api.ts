import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { controlFault, FAULT_NAMES } from './control-faults.js';
import type { GlobalFaults } from './faults/faults.js';
import type { Phone, ReceivedMessage } from './phone/phone.js';
import { hostName, isLoopback } from './server.js';
import type { Simulator } from './simulator-api.js';
import { SimulatorError, type SimulatorErrorCode } from './simulator-error.js';

const MAX_BODY_BYTES = 256 << 10;
const PREFIX = '/sim';

type Body = Record<string, unknown>;

/** A refusal of the control API itself. */
class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const NOT_FOUND_CODES = new Set<SimulatorErrorCode>(['DEVICE_UNKNOWN', 'NOT_REGISTERED']);
const BAD_REQUEST_CODES = new Set<SimulatorErrorCode>(['NUMBER_INVALID', 'QR_MALFORMED', 'FAULT_INVALID']);

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
    if (area !== 'phones') throw unknownPath();
    if (number === undefined) {
      only(method, 'POST');
      return this.createPhone(body);
    }
    return this.onPhone(method, this.knownPhone(number), action, body);
  }

  private async onPhone(method: string, phone: Phone, action: string | undefined, body: Body): Promise<unknown> {
    switch (action) {
      case undefined:
        only(method, 'GET');
        return phoneView(phone);
      case 'inbox':
        only(method, 'GET');
        return { inbox: phone.inbox.map(messageView), sent: phone.sent };
      case 'faults':
        return faults(method, phone.faults, body);
      case 'scan':
        only(method, 'POST');
        return phone.scan(text(body, 'qr'));
      case 'code':
        only(method, 'POST');
        return phone.enterCode(text(body, 'code'));
      case 'unlink':
        only(method, 'POST');
        phone.unlink(optionalNumber(body, 'device'));
        return phoneView(phone);
      case 'online':
        only(method, 'POST');
        phone.setOnline(flag(body, 'online'));
        return phoneView(phone);
      case 'messages':
        only(method, 'POST');
        return phone.send(text(body, 'to'), text(body, 'text'));
      default:
        throw unknownPath();
    }
  }

  private createPhone(body: Body): unknown {
    const profile: Parameters<Simulator['phone']>[1] = {};
    if (body.name !== undefined) profile.name = text(body, 'name');
    if (body.device !== undefined) profile.device = text(body, 'device');
    if (body.business !== undefined) profile.business = flag(body, 'business');
    if (body.platform !== undefined) {
      if (body.platform !== 'android' && body.platform !== 'iphone')
        throw badField('platform', '"android" or "iphone"');
      profile.platform = body.platform;
    }
    const phone = this.simulator.phone(text(body, 'number'), profile);
    if (body.receipts !== undefined) {
      if (body.receipts !== 'none' && body.receipts !== 'delivered' && body.receipts !== 'read')
        throw badField('receipts', '"none", "delivered" or "read"');
      phone.receipts = body.receipts;
    }
    if (body.addressing !== undefined) {
      if (body.addressing !== 'pn' && body.addressing !== 'lid') throw badField('addressing', '"pn" or "lid"');
      phone.addressing = body.addressing;
    }
    return phoneView(phone);
  }

  private state(): unknown {
    const { simulator } = this;
    return {
      url: simulator.url,
      rootKey: simulator.rootKey,
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

/** What a file holds is not for JSON. */
function messageView({ file, ...message }: ReceivedMessage): unknown {
  return { ...message, file: file && { ...file, content: undefined, bytes: file.content.length } };
}

function phoneView(phone: Phone): unknown {
  const { number, lid, name, device, platform, business, online, devices, receipts, addressing } = phone;
  return {
    number,
    lid,
    name,
    device,
    platform,
    business,
    online,
    receipts,
    addressing,
    devices,
    faults: phone.faults.active(),
  };
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

function statusOf(code: SimulatorErrorCode): number {
  if (NOT_FOUND_CODES.has(code)) return 404;
  return BAD_REQUEST_CODES.has(code) ? 400 : 409;
}

function only(method: string, allowed: string): void {
  if (method !== allowed) throw new RequestError(405, 'METHOD_NOT_ALLOWED', `This path takes ${allowed}.`);
}

function unknownPath(): RequestError {
  return new RequestError(404, 'PATH_UNKNOWN', 'There is nothing at this path.');
}

function badField(name: string, wanted: string): RequestError {
  return new RequestError(400, 'BAD_FIELD', `"${name}" must be ${wanted}.`);
}

function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw badField(name, 'a text');
  return value;
}

function flag(body: Body, name: string): boolean {
  const value = body[name];
  if (typeof value !== 'boolean') throw badField(name, 'true or false');
  return value;
}

function optionalNumber(body: Body, name: string): number | undefined {
  const value = body[name];
  if (value !== undefined && typeof value !== 'number') throw badField(name, 'a number');
  return value;
}
