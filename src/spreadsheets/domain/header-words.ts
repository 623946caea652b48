/** The words of headers, as files of shops, marketplaces and address books have them. */

const WHATSAPP = /^(?:no|nomor|nomer)?(?:wa|wh?at(?:s|sh)?app?)(?:no|nomor|number|aktif|pelanggan|customer)?$/;
const MOBILE =
  /^(?:no|nomor|nomer)?(?:hp|hape|handphone|ponsel|mobile|mobilephone|seluler|selular|cell|cellphone|cellular|msisdn|gsm)(?:no|number|wa|aktif|pelanggan|customer)?$/;
const PHONE =
  /^(?:no|nomor|nomer)?(?:telp|tlp|tlpn|telpon|telepon|telephone|phone|tel|phonenumber)(?:no|number|pelanggan|customer)?$/;
const GENERIC = /^(?:no|nomor|nomer|nmr|number|num|kontak|contact|cp|narahubung|nokontak|nomorkontak|contactnumber)$/;
/** Beside a word for phones: it is about something else than the number. */
const ABOUT_PHONES = new Set(
  'nama name label type tipe jenis merk merek model seri brand country negara code kode status tanggal tgl date harga price imei ext extension provider operator'.split(
    ' ',
  ),
);
/** Phones that a customer is seldom written to at. */
const SECONDARY = new Set(
  'rumah kantor home work office business company other lain assistant pager car isdn telex radio darurat emergency fax faks callback primary'.split(
    ' ',
  ),
);
/** What other columns hold; with one of these, neither `No` nor digits make a column of numbers. */
const ELSEWHERE = new Set(
  (
    'nama name email mail alamat address kode code id label type tipe jenis status tanggal tgl date tahun year total harga ' +
    'price jumlah amount qty nik ktp npwp pos zip postal fax faks rekening rek account akun order pesanan invoice resi ' +
    'faktur transaksi transaction kartu card member poin point points saldo balance kota city provinsi negara country imei ' +
    'url username kategori category catatan note notes bank referensi ref barcode sku urut kk nis nip nisn polis plat meja ' +
    'antrian kamar pembayaran payment birthday lahir waktu time omzet belanja umur usia anggota induk siswa peserta meteran ' +
    'kontrak kupon voucher tiket booking reservasi nota struk serial seri rangka mesin sim paspor passport'
  ).split(' '),
);
const GOOGLE_PHONE = /^phone (\d+) - value$/i;
const OWN_EXPORT = /^(?:nomor_wa|whatsapp_number)$/;

/** `No. HP / WA` is `no`, `hp`, `wa`; `PhoneNumber1` is `phone`, `number`, `1`. */
export function headerWords(header: string): string[] {
  return header
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Letters and digits alone. */
export function plainHeader(header: string): string {
  return headerWords(header).join('');
}

/** How surely a header means the number: 0 not at all, 1 perhaps, 2 a phone, 3 a mobile one, 4 WhatsApp, 5 our export. */
export function phoneRank(header: string): number {
  if (OWN_EXPORT.test(header.trim())) return 5;
  const words = headerWords(header);
  const all = [...words, words.join('')];
  const says = (pattern: RegExp): boolean => all.some((word) => pattern.test(word));
  const strong = says(WHATSAPP) ? 4 : says(MOBILE) ? 3 : says(PHONE) ? 2 : 0;
  if (strong > 0) {
    if (words.some((word) => ABOUT_PHONES.has(word))) return 0;
    return words.some((word) => SECONDARY.has(word)) ? 1 : strong;
  }
  if (isElsewhere(header)) return 0;
  const generic = words.filter((word) => GENERIC.test(word)).length;
  return says(GENERIC) ? Math.min(generic, 2) || 1 : 0;
}

/** Whether a header names what is no phone number. */
export function isElsewhere(header: string): boolean {
  return headerWords(header).some((word) => ELSEWHERE.has(word));
}

/** Whether a cell is a word that headers are made of, rather than a customer's. */
export function isHeaderWord(cell: string): boolean {
  return phoneRank(cell) > 0 || isElsewhere(cell);
}

/** Google's address book spreads the numbers of one person over columns: which of them this is. */
export function googlePhone(header: string): number | null {
  const place = GOOGLE_PHONE.exec(header.trim())?.[1];
  return place ? Number(place) : null;
}
