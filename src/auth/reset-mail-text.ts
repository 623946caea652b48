import type { Language } from '@koneksi/contracts/users';

/** What somebody reads who forgot their password. */
export function resetMailText(language: Language, name: string, link: string): { subject: string; body: string } {
  if (language === 'en') {
    return {
      subject: 'Set a new password for Koneksi',
      body: [
        `Hello ${name},`,
        'somebody asked to set a new password for your Koneksi account. Open this link within 30 minutes; it works once:',
        link,
        'If that was not you, there is nothing to do: your password stays as it is. Give this link to nobody.',
      ].join('\n\n'),
    };
  }
  return {
    subject: 'Atur kata sandi baru untuk Koneksi',
    body: [
      `Halo ${name},`,
      'ada yang meminta kata sandi baru untuk akun Koneksi Anda. Buka tautan ini dalam 30 menit; hanya berlaku sekali:',
      link,
      'Kalau bukan Anda yang meminta, abaikan saja: kata sandi Anda tidak berubah. Jangan berikan tautan ini kepada siapa pun.',
    ].join('\n\n'),
  };
}
