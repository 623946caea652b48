import type { TextLanguage } from '@koneksi/contracts/text-language';

/** What whoever wrote STOP reads, once. Nothing in it reads like a wish: another shop's Koneksi may be the one who does. */
export const CONFIRMATION_TEXTS: Record<TextLanguage, string> = {
  id: 'Baik, nomor ini tidak akan kami kirimi pesan lagi. Terima kasih sudah memberi tahu.',
  en: 'Done: this number gets no further messages from our shops. Thank you for telling us.',
};
