import { DomainError } from '../common/domain-error.js';

export function noSuchOutlet(): DomainError {
  return new DomainError('OUTLET_NOT_FOUND', 404, 'no such outlet for this caller');
}

export function numberTaken(): DomainError {
  return new DomainError('NUMBER_TAKEN', 409, 'another outlet has this WhatsApp number');
}
