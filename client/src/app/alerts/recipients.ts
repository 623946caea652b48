import type { AlertRecipient } from '@koneksi/contracts/alerts';
import { formatPhoneNumber, normalizePhoneNumber } from '@koneksi/contracts/phone-number';
import type { Locale } from '@koneksi/contracts/reason-texts';

/** As people mistype them; the server looks closer. */
export function isEmail(text: string): boolean {
  const [name, domain, ...more] = text.split('@');
  return Boolean(name && domain?.includes('.') && more.length === 0) && !/[\s,;<>"]/.test(text);
}

export function emailsIn(typed: string): string[] {
  return typed
    .split(/[,;\s]/)
    .map((text) => text.trim())
    .filter(Boolean);
}

export const emailsOf = (recipients: readonly AlertRecipient[], language: Locale): string =>
  recipients.flatMap((one) => (one.channel === 'email' && one.language === language ? [one.to] : [])).join(', ');

export const phonesOf = (recipients: readonly AlertRecipient[]): string =>
  recipients.flatMap((one) => (one.channel === 'whatsapp' ? [formatPhoneNumber(one.phone)] : [])).join(', ');

/** Numbers hold spaces, so that they are told apart by commas alone. */
export function phonesIn(typed: string): string[] {
  return typed
    .split(/[,;]/)
    .map((text) => text.trim())
    .filter(Boolean);
}

export function mailRecipients(typed: Readonly<Record<Locale, string>>): AlertRecipient[] {
  return (['id', 'en'] as const).flatMap((language) =>
    emailsIn(typed[language]).map((to): AlertRecipient => ({ channel: 'email', to, language })),
  );
}

/** Whoever was told before keeps their language. */
export function phoneRecipients(typed: string, before: readonly AlertRecipient[], language: Locale): AlertRecipient[] {
  return phonesIn(typed).map((text): AlertRecipient => {
    const phone = normalizePhoneNumber(text) ?? text;
    const known = before.find((one) => one.channel === 'whatsapp' && one.phone === phone);
    return known ?? { channel: 'whatsapp', phone, language };
  });
}

export const webhookIdsOf = (recipients: readonly AlertRecipient[]): ReadonlySet<string> =>
  new Set(recipients.flatMap((one) => (one.channel === 'webhook' ? [one.webhookId] : [])));

export const webhookRecipients = (ids: ReadonlySet<string>): AlertRecipient[] =>
  [...ids].map((webhookId): AlertRecipient => ({ channel: 'webhook', webhookId }));

export const userIdsOf = (recipients: readonly AlertRecipient[]): ReadonlySet<string> =>
  new Set(recipients.flatMap((one) => (one.channel === 'push' ? [one.userId] : [])));

/** Whoever was told before keeps their language. */
export function pushRecipients(
  ids: ReadonlySet<string>,
  before: readonly AlertRecipient[],
  language: Locale,
): AlertRecipient[] {
  return [...ids].map((userId): AlertRecipient => {
    const known = before.find((one) => one.channel === 'push' && one.userId === userId);
    return known ?? { channel: 'push', userId, language };
  });
}

/** As the page lists them. */
export function addressText(
  recipient: AlertRecipient,
  webhookOf: (id: string) => string,
  personOf: (id: string) => string,
): string {
  switch (recipient.channel) {
    case 'email':
      return recipient.to;
    case 'whatsapp':
      return formatPhoneNumber(recipient.phone);
    case 'push':
      return personOf(recipient.userId);
    case 'webhook':
      return webhookOf(recipient.webhookId);
  }
}
