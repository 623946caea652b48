import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import { type DestinationStream, type LoggerOptions, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config/config.js';

/** What Nest tells at every start, about itself. */
const CHATTY_CONTEXTS = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
]);

/** Never to be logged, wherever in an object they stand. */
const SECRETS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'apiKey',
  'key',
  'qr',
  'qrCode',
  'pairingCode',
  'creds',
].flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);

/** The terminal stays quiet: a request is told of only when it failed by our fault. */
export function loggingFor({ log }: Config, destination?: DestinationStream): Params {
  const options: LoggerOptions = {
    level: log.level,
    base: null,
    redact: { paths: SECRETS, censor: '[secret]' },
    hooks: {
      logMethod(args, method, level) {
        const { context } = args[0] as { context?: string };
        if (level <= pino.levels.values.info! && context && CHATTY_CONTEXTS.has(context)) return;
        method.apply(this, args);
      },
    },
  };
  const stream = destination ?? (log.format === 'pretty' ? prettyStream() : undefined);
  return {
    pinoHttp: {
      logger: stream ? pino(options, stream) : pino(options),
      genReqId: () => randomUUID(),
      quietReqLogger: true,
      customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'silent'),
      customErrorMessage: (request, response) => summary(request, response),
      serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
    },
  };
}

/** The path alone, as a query can carry a token; and not even that where the path is one. */
function summary(request: IncomingMessage, response: ServerResponse): string {
  const path = request.url?.split('?')[0]?.replace(/^\/+r\/.*/i, '/r/[secret]');
  return `${request.method} ${path} answered ${response.statusCode}`;
}

function prettyStream(): DestinationStream {
  return pretty({
    sync: true,
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname,context,reqId,responseTime',
    messageFormat: (log, messageKey) => {
      const said = log[messageKey];
      const message = typeof said === 'string' ? said : '';
      // Lines that people watch for bring their own `[Baileys]`.
      return typeof log.context === 'string' && !message.startsWith('[') ? `[${log.context}] ${message}` : message;
    },
  });
}
