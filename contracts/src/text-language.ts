/** The languages people and shops write to each other in. */
export const TEXT_LANGUAGES = ['id', 'en'] as const;
export type TextLanguage = (typeof TEXT_LANGUAGES)[number];

/** Words that one of the two languages has and the other has not. `stop`, `promo` and the like say nothing. */
const WORDS: Record<TextLanguage, ReadonlySet<string>> = {
  id: wordsOf(
    `yang dan untuk utk anda kamu kalian kami kita kak kakak bunda bpk bapak ibu ya yah dong tolong tlg mohon jangan jgn
     tidak tdk ga gak nggak ngga enggak tak lagi lg saya sy aku gue gw balas ketik berhenti henti hentikan setop hapus nomor
     pesan kirim kirimi kirimin langganan berlangganan terima kasih makasih terimakasih selamat halo hai hari ini besok
     minggu bulan dengan di ke dari pada ada bisa sudah belum mau ingin minta diskon gratis toko pelanggan harga beli
     belanja hanya sampai dapat dapatkan bu pak mas mbak mba min aja saja deh nih batal batalkan siap pesanan datang
     kunjungi semua setiap buka tutup jam baru cuma khusus segera juga atau karena jika bila akan telah unreg`,
  ),
  en: wordsOf(
    `the and for you your our we us please pls thanks thank unsubscribe unsubscribed unsub remove me my mine i number
     message messages text texts texting sending send contacting don dont do not want no more any anymore again from with
     today tomorrow off free get hello dear is are was this that opt optout out cancel quit end reply order ready sale shop
     store only until now or if will have has been at on in to of it a an be take delete leave alone never stopped`,
  ),
};

/** Which of the two a text is written in, by its words; `null` where they do not tell. */
export function languageOf(text: string): TextLanguage | null {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const count = (language: TextLanguage): number => words.filter((word) => WORDS[language].has(word)).length;
  const [indonesian, english] = [count('id'), count('en')];
  if (indonesian === english) return null;
  return indonesian > english ? 'id' : 'en';
}

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
