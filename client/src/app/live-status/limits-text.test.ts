import { expect, test } from '@jest/globals';
import type { Limits } from '@koneksi/contracts/outlet-warnings';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { EN } from '../../i18n/en';
import { ID } from '../../i18n/id';
import { sentenceIn } from '../core/sentence-in';
import type { Texts } from '../core/texts';
import { limitsText } from './limits-text';

const LATER = '2026-11-27T03:00:00.000Z';
const texts = (locale: Locale): Pick<Texts, 't' | 'locale'> => ({
  t: (key, params = {}) => sentenceIn(locale === 'id' ? ID : EN, key, params),
  locale: (() => locale) as Texts['locale'],
});

test.each<[Limits | null, RegExp | null, RegExp | null]>([
  [null, null, null],
  [{ newChats: 'open', until: null, left: null }, null, null],
  [{ newChats: 'open', until: null, left: 1_200 }, /^Sisa jatah 1\.200 chat baru\.$/, /^1,200 new chats left\.$/],
  [{ newChats: 'open', until: null, left: 1 }, /^Sisa jatah 1 chat baru\.$/, /^1 new chat left\.$/],
  [{ newChats: 'capped', until: LATER, left: 0 }, /habis.*10\.00/, /used up.*10\.00/],
  [{ newChats: 'capped', until: null, left: 0 }, /habis\.$/, /used up\.$/],
  [{ newChats: 'locked', until: LATER, left: 40 }, /dikunci WhatsApp sampai 10\.00\.$/, /until 10\.00\.$/],
  [{ newChats: 'locked', until: null, left: null }, /dikunci WhatsApp\.$/, /locked by WhatsApp\.$/],
])('%j', (limits, inIndonesian, inEnglish) => {
  for (const [locale, wanted] of [
    ['id', inIndonesian],
    ['en', inEnglish],
  ] as const) {
    const text = limitsText(limits, texts(locale), (iso) => (iso === LATER ? '10.00' : iso));
    if (wanted === null) expect(text).toBeNull();
    else expect(text).toMatch(wanted);
  }
});
