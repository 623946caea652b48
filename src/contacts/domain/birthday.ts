import { plainHeader } from '../../spreadsheets/domain/header-words.js';

const MONTHS: readonly RegExp[] = [
  /^jan/,
  /^(feb|peb)/,
  /^mar/,
  /^apr/,
  /^(mei|may)/,
  /^jun/,
  /^jul/,
  /^(ag[ust]|aug)/,
  /^sep/,
  /^(okt|oct)/,
  /^(nov|nop)/,
  /^(des|dec)/,
];
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const YEAR_FIRST = /^\d{4}[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[t ]\d{1,2}:\d{2}.{0,20})?$/;
/** As address books have it, without a year too: `19900517`, `--0517`, `--05-17`. */
const ADDRESS_BOOK = /^(?:(?:19|20)\d{2}|--)(\d{2})-?(\d{2})(?:t\d{4,6}z?)?$/;
const DAY_FIRST = /^(\d{1,2}) ?[-/. ] ?(\d{1,2})(?: ?[-/. ] ?(?:\d{4}|\d{2}))?(?: \d{1,2}[:.]\d{2}.{0,20})?$/;
const NAMED = /^(?:\p{L}{3,9} )?(\d{1,2})(?:st|nd|rd|th)?[-/. ]*(\p{L}{3,9})\.?(?:[-/., ]*(?:\d{4}|\d{2}))?$/u;
/** `Bandung, 17-05-1990`, `Jumat, 17 Agustus`: where somebody was born, or on which day of the week. */
const PLACE = /^\p{L}[\p{L} .'-]{1,30}, ?(?=\d)/u;
const NAMED_FIRST = /^(\p{L}{3,9})\.? (\d{1,2})(?:(?:st|nd|rd|th)?,? (?:\d{4}|\d{2}))?$/u;
/** What databases and spreadsheets write where no date was told; of Apple 1604 is a birthday without its year. */
const UNTOLD = /(?<!\d)(?:0001|1753|1899|1900)(?!\d)|^1900\d{4}/;

const BIRTHDAY_FIELD =
  /^(?:(?:tempat(?:dan)?)?(?:tgl|tanggal|hari)(?:ke)?(?:lahir(?:an)?|lhr)|(?:tgl|tanggal|hari)?(?:ultah|ulangtahun)|lahir|ttl)(?:anda|pelanggan|customer|member)?(?:d{1,2}m{1,3}(?:y{2,4})?)?$|^(?:customer|member)?(?:birthday|birthdate|bday|dob|dateofbirth)(?:d{1,2}m{1,3}(?:y{2,4})?)?$/;

/** Whether a field of this name holds birthdays. */
export function isBirthdayField(name: string): boolean {
  return BIRTHDAY_FIELD.test(plainHeader(name));
}

/**
 * The day of the year a contact's field names, as `MM-DD`; `null` where it names none, or not for certain. In numbers the
 * day stands before the month, as people here write it: what only fits the other way round congratulates nobody, rather
 * than somebody on the wrong day.
 */
export function birthdayIn(field: string): string | null {
  // Windows puts marks of direction around the parts of a date.
  const plain = field
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim();
  const text = plain.replace(/\s+/g, ' ').toLowerCase().replace(PLACE, '');
  if (text.length > 40 || UNTOLD.test(text)) return null;
  const yearFirst = YEAR_FIRST.exec(text) ?? ADDRESS_BOOK.exec(text);
  if (yearFirst) return toDate(Number(yearFirst[2]), Number(yearFirst[1]));
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) return toDate(Number(dayFirst[1]), Number(dayFirst[2]));
  const named = NAMED.exec(text);
  if (named) return toDate(Number(named[1]), monthNamed(named[2]!));
  const namedFirst = NAMED_FIRST.exec(text);
  return namedFirst ? toDate(Number(namedFirst[2]), monthNamed(namedFirst[1]!)) : null;
}

const monthNamed = (name: string): number => MONTHS.findIndex((pattern) => pattern.test(name)) + 1;

function toDate(day: number, month: number): string | null {
  if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]!) return null;
  return `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
