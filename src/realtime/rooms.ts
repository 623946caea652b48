import type { Locale } from '@koneksi/contracts/reason-texts';

/** Everyone whose role sees all outlets. */
export const ALL_OUTLETS = 'all-outlets';

/** Whoever runs Koneksi itself. */
export const SUPERADMINS = 'superadmins';

/** Whoever manages the outlets of all. */
export const ADMINS = 'admins';

/** Programs: what is told for pages alone is not told to them. */
export const API_KEYS = 'api-keys';

/** Keys that may not read of blasts, whatever their outlets. */
export const WITHOUT_BLASTS = 'without-blasts';

/** Everyone who reads this language. */
export const localeRoom = (locale: Locale): string => `locale:${locale}`;

const QR_PREFIX = 'qr:';

export const outletRoom = (outletId: string): string => `outlet:${outletId}`;
export const callerRoom = (callerId: string): string => `caller:${callerId}`;
/** Those who watch the recipients of one outlet in one blast. */
export const blastRoom = (blastId: string, outletId: string): string => `blast:${blastId}:${outletId}`;
export const qrRoom = (outletId: string): string => `${QR_PREFIX}${outletId}`;

/** Whoever came by one reconnect link. */
export const linkRoom = (linkId: string): string => `link:${linkId}`;

/** The outlet whose QR this room watches; `null` for other rooms. */
export const outletWatchedIn = (room: string): string | null =>
  room.startsWith(QR_PREFIX) ? room.slice(QR_PREFIX.length) : null;
