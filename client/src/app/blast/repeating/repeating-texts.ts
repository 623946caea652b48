import { RECIPIENT_REASONS, type RecipientReason } from '@koneksi/contracts/blast-states';
import { ERROR_TEXTS } from '@koneksi/contracts/error-texts';
import type { ErrorCode } from '@koneksi/contracts/errors';
import type { RepeatingBlast, RepeatRule } from '@koneksi/contracts/repeating-blasts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { BlastTexts } from '../blast-texts';

type Words = BlastTexts['b'];

const DAYS: Record<Locale, Intl.DateTimeFormat> = {
  id: new Intl.DateTimeFormat('id-ID', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }),
  en: new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }),
};

/** `Jumat, 27 November 2026` of `2026-11-27`: a day of the calendar, in no zone. */
export function dayText(day: string, locale: Locale): string {
  return DAYS[locale].format(new Date(`${day}T00:00:00Z`));
}

/** `Setiap tanggal 25 pukul 09:00` */
export function ruleText(rule: RepeatRule, b: Words): string {
  if (rule.every === 'birthday') return b('repeating.onBirthday', { field: rule.field, time: rule.time });
  const day = rule.day === 31 ? b('repeating.lastDay') : b('repeating.dayOf', { day: rule.day });
  return b('repeating.everyMonth', { day, time: rule.time });
}

/** Whom it is for: everybody, a tag, all but a tag. */
export function audienceText({ audience }: Pick<RepeatingBlast, 'audience'>, b: Words): string {
  const { tags, exceptTags } = audience;
  const meant = tags?.length ? b('repeating.tagged', { tags: tags.join(', ') }) : b('compose.everyone');
  return exceptTags?.length ? b('repeating.but', { meant, tags: exceptTags.join(', ') }) : meant;
}

/** Why one could not be made, in a sentence; `null` for a code of a newer server, which would tell nobody anything. */
export function failureText(reason: string | null, locale: Locale): string | null {
  const texts = ERROR_TEXTS[reason as ErrorCode] ?? RECIPIENT_REASONS[reason as RecipientReason];
  return texts?.[locale] ?? null;
}
