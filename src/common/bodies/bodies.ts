import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../domain-error.js';
import { Gate } from '../gate.js';
import { inviteBody } from './awaited-bodies.js';
import { BodyRoom } from './body-room.js';
import type { Sender } from './senders.js';

const FILES_BYTES = 36 * 1024 * 1024;
const JSON_BYTES = 8 * 1024 * 1024;
/** How much of a body that is too large is read and thrown away, so that its sender reads why. */
const THROWN_AWAY_BYTES = 64 * 1024 * 1024;
const THROWN_AWAY_MS = 10_000;
const NO_LINE = { atOnce: Infinity, waiting: 0, patienceMs: 0 };

/** What is done with a body as it comes; answers what the whole is worth, or throws to refuse the rest. */
export interface BodyReader<T> {
  take: (chunk: Buffer) => void;
  whole: () => T | Promise<T>;
  /** How too much of it is called; `PAYLOAD_TOO_LARGE` where it does not say. */
  tooLarge?: () => DomainError;
}

/**
 * The one way a request's body is read: by callers who are known and let in, each a little at a time, all together
 * within a fixed room of memory, and each in reasonable time.
 */
@Injectable()
export class Bodies {
  private readonly files = new Gate({ atOnce: 64, waiting: 5, patienceMs: 30_000 });
  private readonly jsons = new Gate({ atOnce: 500, each: 20, waiting: 200, patienceMs: 10_000 });
  /** Of one browser no more than its pages ask for at once, of an account what several browsers do. */
  private readonly browsers = new Gate({ ...NO_LINE, each: 5 });
  private readonly accounts = new Gate({ ...NO_LINE, each: 40 });
  private readonly fileRoom = new BodyRoom(FILES_BYTES);
  private readonly jsonRoom = new BodyRoom(JSON_BYTES);
  private readonly before = new WeakMap<Request, ((file: Buffer) => Promise<void>)[]>();

  /**
   * Reads a file and works on it; both count as one of this caller's, of which there is one at a time.
   * @throws `PAYLOAD_TOO_LARGE`, `BODY_TOO_SLOW`, {TooManyAttempts}
   */
  file<Answer>(
    callerId: string,
    request: Request,
    maxBytes: number,
    reader: BodyReader<Buffer>,
    work: (file: Buffer) => Promise<Answer>,
  ): Promise<Answer> {
    const judged = async (file: Buffer): Promise<Answer> => {
      for (const judge of this.before.get(request) ?? []) await judge(file);
      return work(file);
    };
    return this.files.pass(callerId, () => this.read(this.fileRoom, request, maxBytes, reader, judged));
  }

  /**
   * What is done with the file of a request when it is whole, before anybody works on it; throws to keep them from it.
   * Whoever asked first goes first.
   */
  beforeWork(request: Request, judge: (file: Buffer) => Promise<void>): void {
    this.before.set(request, [...(this.before.get(request) ?? []), judge]);
  }

  /**
   * Where a sender is known, theirs take no turn of the caller's as long as their browser and account have turns.
   * @throws like `file`
   */
  json(callerId: string, request: Request, maxBytes: number, sender: Sender | null = null): Promise<Buffer> {
    const read = () => this.read(this.jsonRoom, request, maxBytes, wholeBody(), (body) => Promise.resolve(body));
    if (!sender || !hasRoom(this.browsers, sender.browser) || !hasRoom(this.accounts, sender.account))
      return this.jsons.pass(callerId, read);
    return this.browsers.pass(sender.browser, () =>
      this.accounts.pass(sender.account, () => this.jsons.pass(sender.browser, read)),
    );
  }

  private async read<T, Answer>(
    room: BodyRoom,
    request: Request,
    maxBytes: number,
    reader: BodyReader<T>,
    work: (body: T) => Promise<Answer>,
  ): Promise<Answer> {
    const declared = Number(request.headers['content-length'] ?? maxBytes);
    if (declared > maxBytes) throw refuseRest(request, (reader.tooLarge ?? tooLarge)());
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => undefined);
    const place = await room.take(declared, ended.reject);
    try {
      await Promise.race([ended.promise, drain(request, maxBytes, reader, place.heard)]);
      place.complete();
      return await work(await reader.whole());
    } catch (error) {
      if (!request.readableEnded) refuseRest(request, error);
      throw error;
    } finally {
      place.release();
    }
  }
}

const hasRoom = (gate: Gate, name: string): boolean => gate.room(name).left > 0;

/** Keeps a body as it is. */
export function wholeBody(): BodyReader<Buffer> {
  const chunks: Buffer[] = [];
  return { take: (chunk) => void chunks.push(chunk), whole: () => Buffer.concat(chunks) };
}

async function drain(
  request: Request,
  maxBytes: number,
  reader: BodyReader<unknown>,
  heard: (bytes: number) => void,
): Promise<void> {
  // Who hung up while waiting for a turn says nothing any more.
  if (request.destroyed) throw cutOff();
  inviteBody(request);
  let bytes = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // By its events: an iterator that is left destroys the request, and with it the way back to who sends it.
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) return reject((reader.tooLarge ?? tooLarge)());
    try {
      reader.take(chunk);
      heard(chunk.length);
    } catch (error) {
      reject(error);
    }
  });
  request.once('end', resolve);
  request.once('error', () => reject(cutOff()));
  request.once('close', () => reject(cutOff()));
  try {
    await promise;
  } finally {
    request.removeAllListeners('data');
  }
}

/** What still comes is thrown away, or the connection would be reset before its sender has read the answer. */
function refuseRest<Reason>(request: Request, reason: Reason): Reason {
  let left = THROWN_AWAY_BYTES;
  const late = setTimeout(() => request.destroy(), THROWN_AWAY_MS).unref();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.on('error', () => undefined);
  request.once('close', () => clearTimeout(late));
  return reason;
}

const tooLarge = (): DomainError => new DomainError('PAYLOAD_TOO_LARGE', 413, 'the body is too large');
/** Nobody is there to be answered, and nothing of ours went wrong. */
const cutOff = (): DomainError => new DomainError('BAD_REQUEST', 400, 'the body was cut off');
