/** The demo's own sentences, in Indonesian. */
export const DEMO_ID = {
  accounts: {
    label: 'Akun demo',
    hint: 'Ini server demo dengan WhatsApp simulasi. Pilih akun untuk masuk.',
  },
  scan: {
    press: 'HP virtual: scan',
    busy: 'HP virtual sedang scan…',
    hint: 'Hanya di demo: HP simulasi milik outlet ini men-scan QR di atas.',
  },
};

export type DemoCatalogue = typeof DEMO_ID;
