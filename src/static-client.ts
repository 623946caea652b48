import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** What is ours to answer, never a page of the client. */
const NOT_A_PAGE = /^\/(api|health|metrics|docs|socket\.io)(\/|$)/;
/** Angular puts a hash of the content into these names, so what a name means never changes. */
const HASHED = /-[A-Z0-9]{8}\.\w+$/;

/** Serves the dashboard: its files, and `index.html` for each of its pages, which are routes of the client. */
export function serveClient(app: NestExpressApplication, directory: string): void {
  const index = join(directory, 'index.html');
  app.useStaticAssets(directory, {
    index: false,
    redirect: false,
    setHeaders: (response: Response, path: string) => {
      response.setHeader('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
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

/** A missing script must be a 404: answered with a page, the browser would report a syntax error instead. */
function isPage({ method, path }: Request): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && !NOT_A_PAGE.test(path) && !/\.\w+$/.test(path);
}
