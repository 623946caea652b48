import { expect, test } from '@jest/globals';
import { guessConsent, saysStop } from './consent-cell.js';

/** Which values of a column say that nothing may be sent; `null` where the column is taken for something else. */
function held(header: string, values: readonly string[]): (boolean | null)[] | null {
  const when = guessConsent(header, values);
  return when && values.map((value) => saysStop(value, when));
}

test.each<[string, string[], (boolean | null)[] | null]>([
  ['Terima Promo?', ['Tidak', 'ya', 'gak mau', 'jangan', 'boleh'], [true, false, true, true, false]],
  ['Status Langganan', ['Aktif', 'Nonaktif', 'Berhenti 12/10/2025'], [false, true, true]],
  ['Opt In WA', ['Y', 'N', 'pending'], [false, true, null]],
  ['Boleh WA?', ['ya', 'tidak', 'tanya dulu'], [false, true, null]],
  ['Mau dikirim promo (Y/T)', ['Y', 'T'], [false, null]],
  ['Subscribed', ['Yes', 'No', 'Unsubscribed on 2025-01-02'], [false, true, true]],
  ['Keterangan', ['pelanggan lama', 'jangan dikirim promo', 'minta stop'], [false, true, true]],
  ['Keterangan', ['tidak mau dihubungi lagi', 'stop order dulu'], [true, false]],
  ['Catatan', ['suka pedas', 'tidak mau terima promo lagi'], [false, true]],
  ['Catatan', ['suka pedas', 'antar sore'], null],
  ['Newsletter', ['Weekly', 'Monthly'], null],
  ['Terima Pesanan', ['ya', 'tidak'], null],
  ['Blacklist?', ['', 'x', '-'], [false, true, false]],
  ['Boleh promo', ['✓', '✗', '✅', '❌', '☑', '☐', '⛔', '-'], [false, true, false, true, false, true, true, false]],
  ['Berhenti', ['✅', '✔️', '❌', ''], [true, true, null, false]],
  ['allow_promo', ['1', '0'], [false, true]],
  ['Izin', ['ya', 'tidak'], [false, true]],
  ['Persetujuan', ['Disetujui', 'Ditolak'], [false, true]],
])('%s: what %j say', (header, values, expected) => expect(held(header, values)).toEqual(expected));
