import type { AlertChannel, AlertRecipient } from '@koneksi/contracts/alerts';
import type { Locale } from '@koneksi/contracts/reason-texts';

/** A recipient as the outbox keeps it. */
interface Address {
  channel: AlertChannel;
  target: string;
  language: Locale;
}

export function addressOf({ channel, to, language }: AlertRecipient): Address {
  return { channel, target: to, language };
}
