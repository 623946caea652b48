import type { ErrorCode } from './errors.ts';
import type { Locale } from './reason-texts.ts';

type Texts = Record<Locale, string>;

/** What people read for each error code; programs switch on the code. */
export const ERROR_TEXTS: Record<ErrorCode, Texts> = {
  UNAUTHENTICATED: {
    id: 'Anda belum masuk, atau sesi Anda sudah berakhir.',
    en: 'You are not signed in, or your session has ended.',
  },
  INVALID_CREDENTIALS: { id: 'Email atau kata sandi salah.', en: 'Wrong email or password.' },
  SECOND_FACTOR_WRONG: {
    id: 'Kode ini salah, sudah dipakai, atau sudah berganti. Tulis kode yang tampil sekarang di aplikasi.',
    en: 'This code is wrong, was used, or has changed. Write the code that the app shows now.',
  },
  SIGN_IN_EXPIRED: {
    id: 'Terlalu lama sejak kata sandi diisi. Isi lagi email dan kata sandi.',
    en: 'The password was given too long ago. Give email and password again.',
  },
  SECOND_FACTOR_ON: {
    id: 'Verifikasi dua langkah sudah aktif. Matikan dulu untuk memasangnya di aplikasi lain.',
    en: 'Two-step verification is on already. Switch it off first to set it up in another app.',
  },
  SECOND_FACTOR_NOT_STARTED: {
    id: 'Verifikasi dua langkah belum disiapkan, atau sudah aktif. Muat ulang halaman ini.',
    en: 'Two-step verification is not being set up, or is on already. Load this page anew.',
  },
  OWN_SECOND_FACTOR: {
    id: 'Matikan verifikasi dua langkah Anda sendiri di Profil, dengan kode.',
    en: 'Switch off your own two-step verification in your profile, with a code.',
  },
  FORBIDDEN: { id: 'Peran Anda tidak boleh melakukan ini.', en: 'Your role may not do this.' },
  ORIGIN_REFUSED: {
    id: 'Permintaan dari situs lain ditolak.',
    en: 'Requests from another site are refused.',
  },
  NOT_FOUND: { id: 'Tidak ditemukan.', en: 'Not found.' },
  OUTLET_NOT_FOUND: { id: 'Outlet tidak ditemukan.', en: 'No such outlet.' },
  USER_NOT_FOUND: { id: 'Pengguna tidak ditemukan.', en: 'No such user.' },
  API_KEY_NOT_FOUND: { id: 'Kunci API tidak ditemukan.', en: 'No such API key.' },
  LINK_GONE: {
    id: 'Tautan ini sudah tidak berlaku. Minta tautan baru kepada admin.',
    en: 'This link no longer works. Ask your administrator for a new one.',
  },
  RESET_LINK_GONE: {
    id: 'Tautan ini sudah dipakai atau lewat 30 menit. Minta tautan baru di halaman Lupa kata sandi.',
    en: 'This link has been used, or is older than 30 minutes. Ask for a new one on the page Forgot your password.',
  },
  MAIL_NOT_CONFIGURED: {
    id: 'Koneksi di sini tidak mengirim email. Minta superadmin mengatur ulang kata sandi Anda.',
    en: 'Koneksi sends no mail here. Ask a superadmin to reset your password.',
  },
  CONTACT_NOT_FOUND: { id: 'Kontak tidak ditemukan.', en: 'No such contact.' },
  CONTACT_EXISTS: {
    id: 'Outlet ini sudah punya kontak dengan nomor ini.',
    en: 'This outlet already has a contact with this number.',
  },
  IMPORT_NOT_FOUND: {
    id: 'Pratinjau impor ini sudah dipakai atau kedaluwarsa. Unggah filenya lagi.',
    en: 'This import preview has been used or has expired. Upload the file again.',
  },
  IMPORT_TOO_LARGE: {
    id: 'File ini terlalu besar: maksimal 10 MB dan 100.000 baris. Bagi menjadi beberapa file.',
    en: 'This file is too large: at most 10 MB and 100,000 lines. Divide it into several files.',
  },
  WISH_NOT_FOUND: {
    id: 'Tidak ada pesan nomor ini yang menunggu keputusan.',
    en: 'No message of this number waits for a decision.',
  },
  INCIDENT_NOT_FOUND: { id: 'Gangguan tidak ditemukan.', en: 'No such incident.' },
  INCIDENT_ENDED: {
    id: 'Gangguan ini sudah selesai, jadi tidak ada yang perlu ditangani.',
    en: 'This incident is over; there is nothing left to take care of.',
  },
  NOT_OPTED_OUT: {
    id: 'Nomor ini tidak sedang berhenti menerima pesan.',
    en: 'This number has not opted out.',
  },
  QR_NOT_SHOWN: { id: 'Tidak ada QR yang sedang ditampilkan.', en: 'No QR is being shown.' },
  MESSAGE_NOT_FOUND: { id: 'Pesan tidak ditemukan.', en: 'No such message.' },
  BLAST_NOT_FOUND: { id: 'Blast tidak ditemukan.', en: 'No such blast.' },
  BLAST_ENDED: { id: 'Blast ini sudah selesai atau dibatalkan.', en: 'This blast has finished or was canceled.' },
  BLAST_PURGED: {
    id: 'Isi pesan blast ini sudah dihapus karena lewat masa simpannya, jadi tidak dapat dikirim lagi. Buat blast baru.',
    en: 'What this blast said was deleted after the time it is kept, so it cannot be sent again. Make a new blast.',
  },
  BLAST_REPEATED: {
    id: 'Sebagian besar penerima ini sudah menerima, atau akan menerima, teks yang sama dalam tujuh hari. Periksa dulu; bila memang dimaksud, nyatakan.',
    en: 'Most of these recipients have had, or will get, the same words within seven days. Look first; if it is meant, say so.',
  },
  TAG_UNKNOWN: {
    id: 'Ada label yang tidak dimiliki kontak mana pun di outlet yang dipilih, jadi label itu tidak memilih atau mengecualikan siapa pun. Periksa ejaannya; bila memang dimaksud, nyatakan.',
    en: 'No contact of the chosen outlets has one of the tags, so it chooses or leaves out nobody. Check how it is written; if it is meant, say so.',
  },
  BLAST_STARTED: {
    id: 'Blast yang hendak diganti sudah mulai dikirim atau sudah berakhir.',
    en: 'The blast to be replaced has begun or ended.',
  },
  PREVIEW_OUTDATED: {
    id: 'Sejak pratinjau ada yang berubah, jadi belum ada yang dikirim. Periksa angkanya lagi.',
    en: 'Something changed since the preview, so nothing was sent. Look at the numbers again.',
  },
  CHANGED_MEANWHILE: {
    id: 'Sementara itu ada yang mengubahnya, jadi belum ada yang disimpan. Periksa isinya yang sekarang, lalu ulangi perubahan Anda.',
    en: 'Somebody changed it meanwhile, so nothing was saved. Look at what it is now, then make your change again.',
  },
  IDEMPOTENCY_CONFLICT: {
    id: 'Idempotency-Key ini sudah dipakai untuk permintaan lain.',
    en: 'This Idempotency-Key was used for another request.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    id: 'Permintaan dengan Idempotency-Key ini masih dikerjakan. Ulangi sebentar lagi.',
    en: 'The request under this Idempotency-Key is still being worked on. Ask again in a moment.',
  },
  IDEMPOTENCY_UNKNOWN: {
    id: 'Hasil permintaan dengan Idempotency-Key ini tidak dapat disampaikan lagi, dan mungkin permintaannya sudah dikerjakan. Periksa dulu; bila belum, ulangi dengan kunci baru.',
    en: 'What came of the request under this Idempotency-Key cannot be told any more; it may have been done. Look first; if it was not, ask again under a new key.',
  },
  NEW_CHATS_LOCKED: {
    id: 'WhatsApp sedang tidak mengizinkan outlet ini memulai percakapan baru.',
    en: 'WhatsApp does not let this outlet start new chats at present.',
  },
  OUTLET_NOT_HEALTHY: {
    id: 'Outlet ini belum siap mengirim. Hubungkan dulu, lalu coba lagi.',
    en: 'This outlet is not ready to send. Reconnect it, then try again.',
  },
  NUMBER_NOT_ON_WHATSAPP: { id: 'Nomor ini tidak ada di WhatsApp.', en: 'This number is not on WhatsApp.' },
  NUMBER_OPTED_OUT: {
    id: 'Nomor ini sudah berhenti berlangganan.',
    en: 'This number has opted out.',
  },
  OWN_NUMBER: {
    id: 'Ini nomor salah satu outlet sendiri. Pakai nomor pelanggan.',
    en: 'This is the number of one of your own outlets. Use the customer’s number.',
  },
  MESSAGE_REFUSED: { id: 'WhatsApp menolak pesan ini.', en: 'WhatsApp refused this message.' },
  MESSAGE_UNCERTAIN: {
    id: 'WhatsApp belum memastikan pesan ini. Periksa di HP sebelum mengirim ulang.',
    en: 'WhatsApp did not confirm this message. Look at the phone before sending it again.',
  },
  UPLOAD_FAILED: {
    id: 'Berkas tidak dapat diunggah ke WhatsApp. Coba lagi sebentar.',
    en: 'The file could not be uploaded to WhatsApp. Try again shortly.',
  },
  WEBHOOK_NOT_FOUND: { id: 'Webhook tidak ditemukan.', en: 'No such webhook.' },
  DELIVERY_NOT_FOUND: { id: 'Pengiriman webhook tidak ditemukan.', en: 'No such delivery of a webhook.' },
  PUSH_SUBSCRIPTION_NOT_FOUND: {
    id: 'Notifikasi di browser itu sudah dimatikan.',
    en: 'Notices in that browser are switched off already.',
  },
  ALERT_RULE_NOT_FOUND: { id: 'Aturan pemberitahuan tidak ditemukan.', en: 'No such alert rule.' },
  VALIDATION_FAILED: { id: 'Ada isian yang belum benar.', en: 'Some fields are not right.' },
  MALFORMED_BODY: { id: 'Isi permintaan bukan JSON yang sah.', en: 'The request body is not valid JSON.' },
  BAD_REQUEST: { id: 'Permintaan tidak dapat dibaca.', en: 'The request cannot be read.' },
  NUMBER_TAKEN: {
    id: 'Nomor WhatsApp ini sudah dipakai outlet lain.',
    en: 'Another outlet already has this WhatsApp number.',
  },
  EMAIL_TAKEN: { id: 'Email ini sudah dipakai pengguna lain.', en: 'Another user already has this email.' },
  LAST_SUPERADMIN: {
    id: 'Harus selalu ada satu SUPERADMIN.',
    en: 'There must always be one SUPERADMIN.',
  },
  OUTLET_PAUSED: { id: 'Outlet ini sedang dijeda.', en: 'This outlet is paused.' },
  OUTLET_INACTIVE: { id: 'Outlet ini dinonaktifkan.', en: 'This outlet is deactivated.' },
  OUTLET_NOT_PAUSED: { id: 'Outlet ini tidak sedang dijeda.', en: 'This outlet is not paused.' },
  ALREADY_LINKED: { id: 'Outlet ini sudah tertaut.', en: 'This outlet is already linked.' },
  PAIRING_CODE_UNAVAILABLE: {
    id: 'Kode tautan belum tersedia. Coba lagi sebentar, atau gunakan QR.',
    en: 'No pairing code is available yet. Try again shortly, or use the QR.',
  },
  PAIRING_CODE_REFUSED: {
    id: 'WhatsApp menolak memberi kode. Scan QR saja, atau coba kode lagi sebentar.',
    en: 'WhatsApp refused to give a code. Scan the QR instead, or try a code again shortly.',
  },
  PAIRING_CODE_LIMITED: {
    id: 'WhatsApp membatasi kode untuk nomor ini karena terlalu sering diminta. Scan QR saja, atau coba kode lagi nanti.',
    en: 'WhatsApp limits codes for this number, as too many were asked for. Scan the QR instead, or try a code later.',
  },
  WHATSAPP_UNREACHABLE: {
    id: 'WhatsApp tidak dapat dijangkau. Koneksi terus mencoba; coba lagi sebentar.',
    en: 'WhatsApp cannot be reached. Koneksi keeps trying; try again shortly.',
  },
  PASSKEY_NOT_ASKED: {
    id: 'WhatsApp tidak menunggu passkey outlet ini, atau tidak lagi. Klik Koneksikan, lalu scan sekali lagi.',
    en: 'WhatsApp waits for no passkey of this outlet, or no longer. Press Connect and scan once more.',
  },
  PASSKEY_BUSY: {
    id: 'Jawaban passkey lain untuk outlet ini sedang diperiksa. Tunggu dulu hasilnya.',
    en: 'Another passkey answer for this outlet is being checked. Wait for its result first.',
  },
  PASSKEY_OUTDATED: {
    id: 'Jawaban ini dibuat untuk permintaan yang lama. Salin permintaan yang sekarang, lalu buat jawaban baru.',
    en: 'This answer was made for an earlier request. Copy the present one and make a new answer.',
  },
  PASSKEY_NOT_COMPARED: {
    id: 'Belum ada kode untuk dicocokkan. Kirim dulu jawaban passkey.',
    en: 'There is no code to compare yet. Hand in a passkey answer first.',
  },
  PASSKEY_CODE_REPLACED: {
    id: 'Kode ini sudah diganti kode lain. Cocokkan kode yang sekarang dengan HP, lalu konfirmasi sekali lagi.',
    en: 'Another code took the place of this one. Compare the present one with the phone, then confirm again.',
  },
  PASSKEY_REFUSED: {
    id: 'WhatsApp menolak jawaban passkey ini. Buat jawaban baru untuk permintaan yang sama, dengan passkey milik akun outlet ini.',
    en: 'WhatsApp refused this passkey answer. Make a new one for the same request, with the passkey of this outlet’s account.',
  },
  PASSKEY_UNANSWERED: {
    id: 'WhatsApp atau HP outlet tidak melanjutkan. Buka WhatsApp di HP itu, lalu kirim jawabannya sekali lagi.',
    en: 'WhatsApp or the outlet’s phone did not go on. Open WhatsApp on that phone, then hand the answer in again.',
  },
  PASSKEY_EXPIRED: {
    id: 'WhatsApp tidak menunggu lagi, dan tautannya tidak jadi. Klik Koneksikan, lalu scan sekali lagi.',
    en: 'WhatsApp waits no longer, and nothing was linked. Press Connect and scan once more.',
  },
  PHONE_REFUSED: { id: 'HP menolak permintaan ini.', en: 'The phone refused this request.' },
  TOO_MANY_ATTEMPTS: {
    id: 'Terlalu banyak percobaan. Tunggu sebentar lalu coba lagi.',
    en: 'Too many attempts. Wait a little, then try again.',
  },
  TOO_MANY_CONNECTIONS: {
    id: 'Akun ini terbuka di terlalu banyak tab atau perangkat. Tutup yang tidak dipakai; halaman ini akan tersambung sendiri.',
    en: 'This account is open in too many tabs or devices. Close those not in use; this page will connect by itself.',
  },
  PAYLOAD_TOO_LARGE: { id: 'Isi permintaan terlalu besar.', en: 'The request body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: {
    id: 'Jenis isi permintaan ini tidak dapat dibaca; kirim JSON, atau berkas di tempat yang memintanya.',
    en: 'A body of this type cannot be read; send JSON, or a file where one is asked for.',
  },
  METHOD_NOT_ALLOWED: {
    id: 'Alamat ini tidak menerima metode itu.',
    en: 'This address does not take that method.',
  },
  SCOPE_MISSING: {
    id: 'Kunci API ini tidak punya cakupan untuk itu. Buat kunci dengan cakupan yang sesuai.',
    en: 'This API key has no scope for that. Make a key with the scope it needs.',
  },
  PASSWORD_CHANGE_REQUIRED: {
    id: 'Ganti dulu kata sandi yang diberikan kepada Anda.',
    en: 'First change the password that you were given.',
  },
  PROOF_NEEDED: {
    id: 'Ini dapat dipakai lama setelah Anda keluar. Tulis sekali lagi kata sandi Anda atau kode aplikasi, lalu ulangi.',
    en: 'This can be used long after you log out. Give your password or the code of your app once more, then repeat it.',
  },
  AWAITS_ADMIN: {
    id: 'Pembuat blast ini, atau yang terakhir melanjutkannya, tidak berhak lagi mengirimnya. Hanya ADMIN yang dapat melanjutkan.',
    en: 'Who made this blast, or sent it on last, may not send it any more. Only an ADMIN can send it on.',
  },
  QUOTA_REACHED: {
    id: 'Batasnya sudah tercapai. Hapus yang tidak dipakai, atau minta admin.',
    en: 'The limit is reached. Remove what is not needed, or ask an administrator.',
  },
  BODY_TOO_SLOW: {
    id: 'Isi permintaan datang terlalu lambat. Periksa sambungan, lalu coba lagi.',
    en: 'The request body came too slowly. Check the connection, then try again.',
  },
  NODE_NOT_FOUND: {
    id: 'Server ini tidak ada lagi: ia berhenti, atau mulai lagi sebagai server baru.',
    en: 'There is no such server any more: it stopped, or began again as a new one.',
  },
  ONLY_NODE: {
    id: 'Tidak ada server lain yang dapat mengambil outlet-outlet ini, jadi semuanya akan terputus. Nyalakan server lain dulu, atau kembalikan yang sedang dikosongkan.',
    en: 'No other server could take these outlets, so all would be cut off. Start another server first, or return one that is drained.',
  },
  NODE_ENDS: {
    id: 'Server ini sedang berhenti dan tidak mengambil outlet lagi. Nyalakan server baru.',
    en: 'This server is stopping and takes no outlets any more. Start a new one.',
  },
  OWNER_UNKNOWN: {
    id: 'Outlet ini sedang berpindah ke server lain. Coba lagi sebentar.',
    en: 'This outlet is moving to another server right now. Try again in a moment.',
  },
  OWNER_UNANSWERED: {
    id: 'Server yang memegang outlet ini tidak menjawab, jadi mungkin sudah dilakukan. Periksa outlet, lalu ulangi bila belum.',
    en: 'The server that holds this outlet did not answer, so it may have been done. Look at the outlet, and repeat it if not.',
  },
  STORE_DOWN: {
    id: 'Basis data sedang tidak bisa dipakai. Coba lagi sebentar.',
    en: 'The database cannot be used right now. Try again shortly.',
  },
  INTERNAL: {
    id: 'Terjadi kesalahan di server. Sebutkan nomor permintaan kepada admin.',
    en: 'Something went wrong on the server. Tell the administrator the request id.',
  },
};

export function errorText(code: ErrorCode, locale: Locale): string {
  return ERROR_TEXTS[code][locale];
}
