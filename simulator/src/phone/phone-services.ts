import type { Account, LeftBehind } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';
import type { KeyDesk } from '../session/key-desk.js';
import type { NewChats } from '../session/new-chats.js';
import type { PrivacyTokens } from '../session/privacy-tokens.js';
import type { Registrations } from '../session/registrations.js';
import type { ServiceContext } from '../session/service-context.js';
import type { Phone } from './phone.js';

/** What a phone needs of the service beyond its own account. */
export interface PhoneServices {
  context: ServiceContext;
  desk: KeyDesk;
  registrations: Registrations;
  newChats: NewChats;
  tokens: PrivacyTokens;
  /** Resolves when a pairing is on disk, if it is to be kept at all. */
  saved(): Promise<void>;
  isOnline(device: Device): boolean;
  unlink(account: Account, device: Device): void;
  moveToNewPhone(account: Account, refusal: LeftBehind): void;
}

/** What its owner has set, and whether it is on. */
export type PhoneSettings = Pick<Phone, 'receipts' | 'addressing' | 'confirmsCopies' | 'online'>;

/** A phone asks, and answers, this often for one message, then gives up. */
export const MAX_RETRIES = 5;
export const KEPT_MESSAGES = 10_000;
