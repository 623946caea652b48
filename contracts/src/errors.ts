/** Codes a caller may switch on. Stable: add, never rename. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'INVALID_CREDENTIALS',
  'FORBIDDEN',
  'SCOPE_MISSING',
  'PASSWORD_CHANGE_REQUIRED',
  'AWAITS_ADMIN',
  'QUOTA_REACHED',
  'ORIGIN_REFUSED',
  'NOT_FOUND',
  'OUTLET_NOT_FOUND',
  'USER_NOT_FOUND',
  'API_KEY_NOT_FOUND',
  'CONTACT_NOT_FOUND',
  'CONTACT_EXISTS',
  'IMPORT_NOT_FOUND',
  'IMPORT_TOO_LARGE',
  'NOT_OPTED_OUT',
  'WISH_NOT_FOUND',
  'INCIDENT_NOT_FOUND',
  'INCIDENT_ENDED',
  'QR_NOT_SHOWN',
  'LINK_GONE',
  'RESET_LINK_GONE',
  'MAIL_NOT_CONFIGURED',
  'BLAST_NOT_FOUND',
  'MESSAGE_NOT_FOUND',
  'BLAST_ENDED',
  'BLAST_PURGED',
  'BLAST_REPEATED',
  'BLAST_STARTED',
  'PREVIEW_OUTDATED',
  'CHANGED_MEANWHILE',
  'IDEMPOTENCY_CONFLICT',
  'IDEMPOTENCY_IN_PROGRESS',
  'IDEMPOTENCY_UNKNOWN',
  'OUTLET_NOT_HEALTHY',
  'NEW_CHATS_LOCKED',
  'NUMBER_NOT_ON_WHATSAPP',
  'NUMBER_OPTED_OUT',
  'MESSAGE_REFUSED',
  'MESSAGE_UNCERTAIN',
  'UPLOAD_FAILED',
  'WEBHOOK_NOT_FOUND',
  'DELIVERY_NOT_FOUND',
  'ALERT_RULE_NOT_FOUND',
  'VALIDATION_FAILED',
  'MALFORMED_BODY',
  'BAD_REQUEST',
  'NUMBER_TAKEN',
  'EMAIL_TAKEN',
  'LAST_SUPERADMIN',
  'OUTLET_PAUSED',
  'OUTLET_INACTIVE',
  'OUTLET_NOT_PAUSED',
  'ALREADY_LINKED',
  'PAIRING_CODE_UNAVAILABLE',
  'PAIRING_CODE_REFUSED',
  'PAIRING_CODE_LIMITED',
  'WHATSAPP_UNREACHABLE',
  'PASSKEY_NOT_ASKED',
  'PASSKEY_BUSY',
  'PASSKEY_OUTDATED',
  'PASSKEY_NOT_COMPARED',
  'PASSKEY_CODE_REPLACED',
  'PASSKEY_REFUSED',
  'PASSKEY_UNANSWERED',
  'PASSKEY_EXPIRED',
  'PHONE_REFUSED',
  'TOO_MANY_ATTEMPTS',
  'TOO_MANY_CONNECTIONS',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'METHOD_NOT_ALLOWED',
  'BODY_TOO_SLOW',
  'STORE_DOWN',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One wrong field of a request, named by its path (`outletIds.0`). */
export interface FieldFault {
  field: string;
  message: string;
}

/** The body of every answer that is not a success. What `details` holds belongs to the code. */
export interface ErrorBody {
  success: false;
  error: {
    code: ErrorCode;
    message: string;
    fields?: FieldFault[];
    requestId?: string;
    details?: Record<string, unknown>;
  };
}
