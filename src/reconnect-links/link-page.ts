import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '@koneksi/contracts/error-texts';
import type { ErrorBody, ErrorCode } from '@koneksi/contracts/errors';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { localeOf } from '../common/locale.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';
import { LinkVisits } from './link-visits.js';

/** The address of a link before its token. */
const LINKS = '/r';

/** What the page of a link answers, and to whom it is the same. */
interface Found {
  status: number;
  code: ErrorCode | null;
  retryAfterSeconds?: number;
}

/**
 * Serves the page of a link, one and the same for all; what it opens is told by the code it is answered with, to
 * programs in the shape of every refusal. It comes before the request log, which must not hold tokens.
 */
export function serveLinkPage(app: NestExpressApplication, directory: string): void {
  const visits = app.get(LinkVisits);
  const index = join(directory, 'index.html');
  app.use(LINKS, (request: Request, response: Response, next: NextFunction) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('X-Robots-Tag', 'noindex');
    response.vary('Accept');
    void look(visits, request).then((found) => {
      if (found.retryAfterSeconds) response.setHeader('Retry-After', found.retryAfterSeconds);
      response.status(found.status);
      if (found.code && !wantsPage(request)) return response.json(refusal(found.code, request));
      if (!existsSync(index))
        return response.status(503).type('text').send('The page is not built yet: npm run build:link-page\n');
      return response.sendFile(index, { cacheControl: false, etag: false, lastModified: false });
    });
  });
}

async function look(visits: LinkVisits, request: Request): Promise<Found> {
  try {
    const visitor = await visits.find(request.path.slice(1), request.ip ?? '');
    return visitor ? { status: 200, code: null } : { status: 404, code: 'LINK_GONE' };
  } catch (error) {
    if (!(error instanceof TooManyAttempts)) return { status: 503, code: 'STORE_DOWN' };
    return { status: error.httpStatus, code: error.code, retryAfterSeconds: error.retryAfterSeconds };
  }
}

/** Browsers say so; whoever takes anything is a program. */
const wantsPage = ({ headers }: Request): boolean => headers.accept?.includes('text/html') ?? false;

function refusal(code: ErrorCode, request: Request): ErrorBody {
  return { success: false, error: { code, message: errorText(code, localeOf(request.headers['accept-language'])) } };
}
