import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import cookieParser from 'cookie-parser';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import type { DataSource } from 'typeorm';
import { createDataSource, createSystemDataSource } from '../ormconfig.js';
import { AppModule, type ExtraModules } from './app.module.js';
import { AppSocketAdapter } from './app-socket-adapter.js';
import { holdBodiesBack } from './common/bodies/awaited-bodies.js';
import { serveOpenApi } from './common/openapi.js';
import { AllowedOrigins } from './config/allowed-origins.js';
import { Config } from './config/config.js';
import { type Env, EnvFaults, parseEnv, type RawEnv } from './config/env.js';
import { StartupFault } from './config/startup-fault.js';
import { openStore, type Store } from './database/store.js';
import { serveLinkPage } from './reconnect-links/link-page.js';
import { serveClient, serveFiles } from './static-client.js';

export interface StartOptions {
  env: RawEnv;
  /** Modules on top of Koneksi's own, e.g. the demo's. */
  extraModules?: ExtraModules;
  /** Which build of the pages is served: the demo's has its lab in it. */
  pages?: 'client' | 'demo';
  /** Told, in sentences for people, what takes long and at last the address. */
  say?: (text: string) => void;
  /** Where the log goes instead of standard output. */
  logTo?: DestinationStream;
  /** Another Koneksi took the database over: whoever runs this process should end it. */
  onUsurped?: () => void;
}

export interface RunningApp {
  /** Where a client on this machine reaches it. */
  readonly url: string;
  readonly port: number;
  readonly app: NestExpressApplication;
  readonly dataSource: DataSource;
  /** How long an end may take: where others take over, each outlet waits for their pace. Milliseconds. */
  readonly stopWithinMs: number;
  /** Ends sockets, requests, sessions and, last, the embedded database. */
  stop(): Promise<void>;
}

/** Docker and systemd wait this long before they kill. */
const STOP_WITHIN_MS = 10_000;
/** A thousand outlets to two heirs take 50 s; `stop_grace_period` must allow it. */
const HAND_OVER_WITHIN_MS = 120_000;

/** Where the page of a link has its scripts and styles: the base address of its build. */
const LINK_PAGE_FILES = '/link-page/';

/** Compiled or not, this file lies one folder below the one with `client`: `src` or `dist/src`. */
const PAGES = join(import.meta.dirname.replace(/([\\/])dist([\\/]src)$/, '$1src'), '../client/dist');

/** Starts the whole product in this process. Fails with a `StartupFault` where a person must change something. */
export async function startApp(options: StartOptions): Promise<RunningApp> {
  const env = parseEnv(options.env, process.stdout.isTTY);
  if (env instanceof EnvFaults) throw new StartupFault(env.message);
  await refuseTakenAddress(env.http);
  const store = await openStore({
    env,
    createDataSource,
    createSystemDataSource,
    say: options.say ?? (() => undefined),
    onUsurped: options.onUsurped ?? (() => undefined),
  });
  let app: NestExpressApplication | undefined;
  const stop = async (): Promise<void> => {
    await app?.close();
    await store.close();
  };
  try {
    const config = new Config(env, store.resolved);
    app = await createApp(config, store, options);
    const port = await listen(app, env.http);
    app.get(AllowedOrigins).listensOn(port);
    options.say?.(`Koneksi is ready: ${addressForPeople(env.http, port)}`);
    return {
      url: `http://${localName(env.http.host)}:${port}`,
      port,
      app,
      dataSource: store.dataSource,
      stopWithinMs: config.database.severalNodes ? HAND_OVER_WITHIN_MS : STOP_WITHIN_MS,
      stop: once(stop),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createApp(
  config: Config,
  { dataSource, systemDataSource, reservation }: Store,
  { extraModules, logTo, pages = 'client' }: StartOptions,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.for(config, dataSource, { systemDataSource, reservation, extraModules, logTo }),
    { abortOnError: false, bodyParser: false, bufferLogs: true, forceCloseConnections: true },
  );
  app.useLogger(app.get(Logger));
  app.flushLogs();
  app.set('trust proxy', config.http.trustProxy);
  app.disable('x-powered-by');
  if (config.http.trustProxy === 0) app.use(tellOfProxy(app.get(Logger)));
  app.use(helmet(securityHeaders(config.http)), compression(), cookieParser());
  app.use('/api', keepNothing);
  app.setGlobalPrefix('api', {
    exclude: ['health/{*rest}', 'metrics'].map((path) => ({ path, method: RequestMethod.GET })),
  });
  serveOpenApi(app);
  const linkPage = join(PAGES, 'link', 'browser');
  serveLinkPage(app, linkPage);
  serveFiles(app, LINK_PAGE_FILES, linkPage);
  serveClient(app, join(PAGES, pages, 'browser'));
  app.useWebSocketAdapter(new AppSocketAdapter(app, app.get(AllowedOrigins), config.database.severalNodes));
  await app.init();
  app.use(answerNothing);
  return app;
}

/** Behind a proxy that nobody told us of everybody has its address: a hundred wrong log-ins of one keep out all. */
function tellOfProxy(logger: Logger): (request: IncomingMessage, response: unknown, next: () => void) => void {
  let told = false;
  return ({ headers }, _, next) => {
    if (!told && 'x-forwarded-for' in headers) {
      told = true;
      logger.warn(
        'Requests come with X-Forwarded-For while TRUST_PROXY is 0: everybody behind that proxy counts as one address, ' +
          'and wrong log-ins of one keep out all. Set TRUST_PROXY to how many proxies stand in front.',
      );
    }
    next();
  };
}

/**
 * What the interface answers is for its caller alone; no browser and no proxy keeps a copy. So `no-cache` of a request means
 * no copy of ours: `fetch` adds it to each `If-None-Match`, and Express would answer that with the whole again.
 */
function keepNothing(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  delete request.headers['cache-control'];
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** What nobody answered. Express would, with a page of its own and without these headers. */
function answerNothing(_: unknown, response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
}

/** Angular adds its component styles at run time, hence inline styles; scripts come from files alone. */
function securityHeaders({ publicOrigins }: Env['http']): Parameters<typeof helmet>[0] {
  const isEncrypted = publicOrigins?.every((origin) => origin.startsWith('https:')) ?? false;
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        // `blob:` is a picture this page chose or fetched itself, before it goes out and afterwards.
        imgSrc: ["'self'", 'data:', 'blob:'],
        // A film that somebody chose, of which a frame is drawn.
        mediaSrc: ['blob:'],
        fontSrc: ["'self'", 'data:'],
        // The worker that keeps the pages, and what it keeps, are files of ours.
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: isEncrypted ? [] : null,
      },
    },
    strictTransportSecurity: isEncrypted,
    referrerPolicy: { policy: 'same-origin' },
  };
}

/** Before the database is started, so that a second Koneksi by mistake is told at once. */
async function refuseTakenAddress(http: Env['http']): Promise<void> {
  if (http.port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(http.port, http.host, resolve));
  } catch (error) {
    throw explainListenFault(error, http);
  }
  await new Promise((resolve) => probe.close(resolve));
}

/** Longer than proxies keep theirs: who ends an idle connection that the other is about to use makes it a reset. */
const KEEP_ALIVE_MS = 75_000;

async function listen(app: NestExpressApplication, http: Env['http']): Promise<number> {
  const server = app.getHttpServer();
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  holdBodiesBack(server);
  try {
    await app.listen(http.port, http.host);
  } catch (error) {
    throw explainListenFault(error, http);
  }
  return (server.address() as AddressInfo).port;
}

function explainListenFault(error: unknown, { host, port }: Env['http']): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartupFault(
        `Port ${port} on ${host} is taken by another program: end it or set PORT to another.`,
        error,
      );
    case 'EACCES':
      return new StartupFault(`Port ${port} is reserved for privileged users: set PORT to 1024 or higher.`, error);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartupFault(`HOST ${host} is not an address of this machine: set it to 127.0.0.1 or 0.0.0.0.`, error);
  }
  return error;
}

function addressForPeople({ host, publicOrigins }: Env['http'], port: number): string {
  if (publicOrigins?.[0]) return publicOrigins[0];
  return `http://${/^(127\.|0\.0\.0\.0$|::1?$|localhost$)/.test(host) ? 'localhost' : host}:${port}`;
}

function localName(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
}
