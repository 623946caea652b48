// Tells a customer by WhatsApp that an order is ready, from the shop's own number, and prints what became of it. Run again
// with the same order, nothing is sent twice.
//
//   npm install ./koneksi-client-0.1.0.tgz
//   KONEKSI_URL=http://localhost:3000 KONEKSI_KEY=kon_… node order-ready.mjs 'Toko Merdeka' 1042 08123456789
import { setTimeout } from 'node:timers/promises';
import { KoneksiError, KoneksiRest } from '@koneksi/client/rest';

const { KONEKSI_URL = 'http://localhost:3000', KONEKSI_KEY = '' } = process.env;
const [shop = '', order = '', phone = ''] = process.argv.slice(2);

const koneksi = new KoneksiRest({ url: KONEKSI_URL, token: KONEKSI_KEY, locale: 'en' });
const UNDER_WAY = ['queued', 'sending', 'sent'];

try {
  const { items } = await koneksi.outlets({ search: shop });
  const outlet = items.find(({ name }) => name === shop);
  if (!outlet) throw new Error(`there is no outlet ${shop}`);
  const text = `Pesanan ${order} siap diambil.`;
  const { id } = await koneksi.sendMessage({ outletId: outlet.id, phone, text }, { idempotencyKey: `ready-${order}` });
  let message = await koneksi.message(id);
  for (let seconds = 0; UNDER_WAY.includes(message.status) && seconds < 30; seconds += 0.5) {
    await setTimeout(500);
    message = await koneksi.message(id);
  }
  console.log(`${order}: ${message.status}${message.reason ? ` (${message.reason})` : ''}`);
} catch (error) {
  // The sentence is for people, the code for programs.
  console.error(error instanceof KoneksiError ? `${error.code}: ${error.message}` : error);
  process.exitCode = 1;
}
