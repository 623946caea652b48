import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import compressedStatic from 'express-static-gzip';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** What is ours to answer, never a page of the client. */
const NOT_A_PAGE = /^\/(api|health|metrics|docs|socket\.io)(\/|$)/;
/** Angular puts a hash of the content into these names, so what a name means never changes. */
const HASHED = /[\\/](?:main|chunk|styles)-[\w-]{8}\.(?:js|css)(?:\.br|\.gz)?$/;

/** Serves the dashboard: its files, and `index.html` for each of its pages, which are routes of the client. */
export function serveClient(app: NestExpressApplication, directory: string): void {
  const index = join(directory, 'index.html');
  serveFiles(app, '/', directory);
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!isPage(request)) return next();
    if (!existsSync(index)) {
      response.status(503).type('text').send('The dashboard is not built yet: npm run build:client\n');
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(index);
  });
}

/** Serves the files of a build below an address, but for its page. */
export function serveFiles(app: NestExpressApplication, at: string, directory: string): void {
  const files = {
    index: false as const,
    redirect: false,
    setHeaders: (response: ServerResponse, path: string) => {
      response.setHeader('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  };
  // Compressed files are found at the start; a build that comes later is served as it is.
  const found = compressedStatic(directory, {
    index: false,
    enableBrotli: true,
    orderPreference: ['br', 'gz'],
    serveStatic: files,
  });
  app.use(at, (request: Request, response: Response, next: NextFunction) => {
    if (mayNameFile(request)) found(request, response, next);
    else next();
  });
}

/** What is no address at all would be refused by the library itself, in a shape that is not ours. */
function mayNameFile({ path }: Request): boolean {
  return !NOT_A_PAGE.test(path) && isDecodable(path);
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** A missing script must be a 404: answered with a page, the browser would report a syntax error instead. */
function isPage({ method, path }: Request): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && !NOT_A_PAGE.test(path) && !/\.\w+$/.test(path);
}
