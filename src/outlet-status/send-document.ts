import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { StatusDocument } from './status-documents.js';

/** The last of those whose bytes wait for a turn of the loop. */
let lastInLine: Promise<unknown> = Promise.resolve();

/** Sends what is kept, compressed where the client can read it; nothing at all to who has it already. */
export async function sendDocument(request: Request, response: Response, document: StatusDocument): Promise<void> {
  response.setHeader('ETag', document.etag);
  response.vary('Accept-Encoding');
  response.vary('Accept-Language');
  response.type('application/json');
  if (request.fresh) return void response.status(304).end();
  const compressed = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
  const body = compressed ? await document.gzipped() : document.json;
  await ownTurn();
  if (compressed) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', body.length);
  response.status(200).end(request.method === 'HEAD' ? undefined : body);
}

/** Those who shared a look have it at one moment: a dozen times four megabytes at once would hold up everybody. */
function ownTurn(): Promise<unknown> {
  lastInLine = lastInLine.then(() => nextTurn());
  return lastInLine;
}
