import type { AlertRecipient } from '@koneksi/contracts/alerts';
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
  recipients
    .filter((recipient) => recipient.language === language)
    .map(({ to }) => to)
    .join(', ');

export function recipientsOf(typed: Readonly<Record<Locale, string>>): AlertRecipient[] {
  return (['id', 'en'] as const).flatMap((language) =>
    emailsIn(typed[language]).map((to): AlertRecipient => ({ channel: 'email', to, language })),
  );
}
