import { randomUUID } from 'node:crypto';
import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { errorText } from '@koneksi/contracts/error-texts';
import type { ErrorBody, ErrorCode, FieldFault } from '@koneksi/contracts/errors';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { Request, Response } from 'express';
import { allowedMethods } from './allowed-methods.js';
import { DomainError } from './domain-error.js';
import { localeOf } from './locale.js';
import { isStoreDown } from './postgres-errors.js';
import { QuotaReached } from './quota-reached.js';
import { tellLimits } from './rate-limits.js';
import { RefusedForNow } from './refused-for-now.js';
import { ValidationFailed } from './validation-failed.js';

/** Turns whatever was thrown into the one shape of every answer that is not a success. */
@Catch()
export class DomainErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(DomainErrorFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    if (host.getType() === 'http') this.answerRequest(thrown, host);
    else this.acknowledgeEvent(thrown, host);
  }

  private answerRequest(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const error = wrongMethod(thrown, request, response) ?? toDomainError(thrown);
    const requestId = requestIdOf(request);
    if (error.code === 'INTERNAL') this.tellOperators(thrown, requestId);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error instanceof RefusedForNow) response.setHeader('Retry-After', error.retryAfterSeconds);
    if (error instanceof RefusedForNow || error instanceof QuotaReached) tellReached(response, error);
    if (error.code === 'UNAUTHENTICATED') response.setHeader('WWW-Authenticate', 'Bearer');
    response.vary('Accept-Language');
    response.status(error.httpStatus).json(toErrorBody(error, localeOf(request.headers['accept-language']), requestId));
  }

  /** A socket event that asks for an acknowledgement gets the refusal there; others have no one to tell. */
  private acknowledgeEvent(thrown: unknown, host: ArgumentsHost): void {
    const error = toDomainError(thrown);
    const requestId = randomUUID();
    if (error.code === 'INTERNAL') this.tellOperators(thrown, requestId);
    const acknowledge = host.getArgs<unknown[]>().find((argument) => typeof argument === 'function');
    acknowledge?.(toErrorBody(error, 'id', requestId));
  }

  /** The stack alone: a database error also carries the values of its statement. */
  private tellOperators(thrown: unknown, requestId: string): void {
    const { stack } = (thrown ?? {}) as { stack?: unknown };
    const trace = typeof stack === 'string' ? stack : `${typeof thrown} thrown`;
    this.logger.error(`request ${requestId} failed: ${trace}`);
  }
}

/** Where an address is right and the method is not, it says which are. */
function wrongMethod(thrown: unknown, request: Request, response: Response): DomainError | null {
  // What Nest says where no route took the request.
  if (!(thrown instanceof NotFoundException && thrown.message.startsWith(`Cannot ${request.method} `))) return null;
  const methods = allowedMethods(request);
  if (methods.length === 0) return null;
  response.setHeader('Allow', methods.join(', '));
  return new DomainError('METHOD_NOT_ALLOWED', 405, `${request.method} is none of ${methods.join(', ')}`);
}

/** WhatsApp's own limits are not known before they are reached, nor how high they are: of these the time alone is told. */
function tellReached(response: Response, error: RefusedForNow | QuotaReached): void {
  if (error.limit) tellLimits(response, error.limit);
  else if (error.httpStatus === 429 && 'retryAfterSeconds' in error)
    response.setHeader('RateLimit', `"whatsapp";r=0;t=${error.retryAfterSeconds}`);
}

/** What was thrown, as one of the failures that clients know. */
function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  if (thrown instanceof HttpException) return fromHttp(thrown);
  if (isStoreDown(thrown)) return new DomainError('STORE_DOWN', 503, 'the database does not answer');
  return new DomainError('INTERNAL', 500, 'unexpected failure');
}

/** The body for a failure, in the reader's language. */
function toErrorBody(error: DomainError, locale: Locale, requestId?: string): ErrorBody {
  const fields = fieldsOf(error, locale);
  return {
    success: false,
    error: {
      code: error.code,
      message: errorText(error.code, locale),
      ...(fields && { fields }),
      ...(requestId && { requestId }),
      ...(error.details && { details: error.details }),
    },
  };
}

function fieldsOf(error: DomainError, locale: Locale): FieldFault[] | undefined {
  if (!(error instanceof ValidationFailed)) return error.fields;
  return error.problems.map(({ field, text }) => ({ field, message: text[locale] }));
}

const CODE_BY_STATUS: Partial<Record<number, ErrorCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_ATTEMPTS',
  503: 'STORE_DOWN',
};

function fromHttp(exception: HttpException): DomainError {
  const status = exception.getStatus();
  const code = CODE_BY_STATUS[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL');
  return new DomainError(code, status, exception.message);
}

/** The id under which the request log knows this request, where there is one. */
function requestIdOf(request: Request): string {
  const { id } = request as Request & { id?: unknown };
  return typeof id === 'string' || typeof id === 'number' ? String(id) : randomUUID();
}
