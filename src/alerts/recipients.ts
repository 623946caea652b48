import type { AlertChannel, AlertRecipient } from '@koneksi/contracts/alerts';
import type { Locale } from '@koneksi/contracts/reason-texts';

/** A recipient as the outbox keeps it. */
export interface Address {
  channel: AlertChannel;
  target: string;
  language: Locale;
}

export function addressOf(recipient: AlertRecipient): Address {
  const { channel } = recipient;
  switch (channel) {
    case 'email':
      return { channel, target: recipient.to, language: recipient.language };
    case 'whatsapp':
      return { channel, target: recipient.phone, language: recipient.language };
    case 'push':
      return { channel, target: recipient.userId, language: recipient.language };
    case 'webhook':
      // Programs read codes and instants.
      return { channel, target: recipient.webhookId, language: 'en' };
  }
}
