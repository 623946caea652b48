import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Response } from 'express';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

export const REPEATING = 'koneksi:repeating';

/** Of a POST that changes nothing, so that it may be asked as often as anybody likes, with a key or without. */
export const ChangesNothing = (): MethodDecorator =>
  applyDecorators(SetMetadata(REPEATING, 'harmless'), ApiExtension('x-changes-nothing', true));

/** Of a POST that keeps its key with what it makes, in one transaction and for as long. */
export const KeepsKeyItself = (): MethodDecorator => SetMetadata(REPEATING, 'known');

/** What was made under a key, now or by the same request before. */
export interface MadeOnce {
  id: string;
  isEarlier: boolean;
}

/** The header as it came, or `null` without one. @throws `VALIDATION_FAILED` */
export function idempotencyKeyOf(header: string | undefined): string | null {
  if (header !== undefined && !IDEMPOTENCY_KEY.test(header))
    throw new ValidationFailed([fieldProblem('Idempotency-Key', 'INVALID')]);
  return header ?? null;
}

/** Whether what is answered is the answer of then. */
export const wasReplayed = (response: Response): boolean => response.hasHeader('Idempotent-Replayed');

/** Says that this was done before, and that the answer is the one of then. */
export function markReplayed(response: Response): void {
  response.setHeader('Idempotent-Replayed', 'true');
}
