import type { OutletZone } from '@koneksi/contracts/blast-states';
import type { DemoAccount } from '@koneksi/contracts/demo';
import type { Role } from '@koneksi/contracts/roles';

/** One password for all: whoever runs the demo reads it on the console, and nothing real is behind it. */
const PASSWORD = 'koneksi-demo';

type Account = DemoAccount & { role: Role };

export const ADMIN: Account = { email: 'admin@koneksi.demo', password: PASSWORD, name: 'Adi Admin', role: 'ADMIN' };
export const STAFF: Account = { email: 'staf@koneksi.demo', password: PASSWORD, name: 'Sinta Staf', role: 'USER' };

export const DEMO_ACCOUNTS: Account[] = [
  { email: 'superadmin@koneksi.demo', password: PASSWORD, name: 'Superadmin', role: 'SUPERADMIN' },
  ADMIN,
  STAFF,
];

export interface DemoOutlet {
  name: string;
  whatsappNumber: string;
  city: string;
  tags: string[];
  phone: { name: string; device: string; platform: 'android' | 'iphone'; business: boolean };
  /** Whether its phone scans by itself at the first start. */
  linked: boolean;
}

export const DEMO_OUTLETS: DemoOutlet[] = [
  outlet('Jakarta Kemang', '6281210010001', ['Jawa', 'drive-thru'], { device: 'iPhone 12', platform: 'iphone' }),
  outlet('Bandung Dago', '6281310010002', ['Jawa'], { device: 'Galaxy A15', platform: 'android' }),
  outlet('Surabaya Darmo', '6281510010003', ['Jawa', 'mal'], { device: 'Redmi Note 13', platform: 'android' }),
  outlet('Denpasar Sanur', '6281710010004', ['Bali', 'drive-thru'], { device: 'iPhone SE', platform: 'iphone' }),
  {
    ...outlet('Makassar Panakkukang', '6281910010005', ['Sulawesi', 'mal'], {
      device: 'Oppo A18',
      platform: 'android',
    }),
    linked: false,
  },
];

/** The outlet of the demo's USER: the one that waits to be linked. */
export const STAFF_OUTLET = 'Makassar Panakkukang';

export const zoneOf = ({ city }: { city: string | null }): OutletZone =>
  city === 'Denpasar' || city === 'Makassar' ? 'Asia/Makassar' : 'Asia/Jakarta';

/** Named by its city and its quarter. */
function outlet(
  name: string,
  whatsappNumber: string,
  tags: string[],
  phone: { device: string; platform: 'android' | 'iphone' },
): DemoOutlet {
  const city = name.split(' ')[0] ?? name;
  return {
    name,
    whatsappNumber,
    city,
    tags,
    phone: { ...phone, name: `Kopi Koneksi ${city}`, business: true },
    linked: true,
  };
}
