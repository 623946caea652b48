import { DomainError } from '../common/domain-error.js';

export function noSuchContact(): DomainError {
  return new DomainError('CONTACT_NOT_FOUND', 404, 'no such contact for this caller');
}

export function numberIsThere(): DomainError {
  return new DomainError('CONTACT_EXISTS', 409, 'this outlet has a contact with this number');
}
