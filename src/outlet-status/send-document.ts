import type { Request, Response } from 'express';
import type { StatusDocument } from './status-documents.js';

/** Sends what is kept, compressed where the client can read it; nothing at all to who has it already. */
export async function sendDocument(request: Request, response: Response, document: StatusDocument): Promise<void> {
  response.setHeader('ETag', document.etag);
  response.vary('Accept-Encoding');
  response.vary('Accept-Language');
  response.type('application/json');
  if (request.fresh) return void response.status(304).end();
  const compressed = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
  const body = compressed ? await document.gzipped() : document.json;
  if (compressed) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', body.length);
  response.status(200).end(request.method === 'HEAD' ? undefined : body);
}
