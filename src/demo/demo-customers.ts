import { Inject, Injectable } from '@nestjs/common';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import { ContactImportsService } from '../contacts/import/contact-imports.service.js';
import { NO_CHOICE } from '../contacts/import/read-import.js';
import { SIMULATOR } from './virtual-phones.js';

const GIVEN = ['Sari', 'Budi', 'Dewi', 'Agus', 'Rina', 'Joko', 'Maya', 'Hendra', 'Putri', 'Wayan', 'Lestari', 'Fajar'];
const FAMILY = ['Wulandari', 'Santoso', 'Pratama', 'Kusuma', 'Hidayat', 'Siregar', 'Nugroho', 'Anggraini'];
const DRINKS = ['kopi susu', 'es teh', 'cappuccino', 'matcha'];
const EACH = 24;

interface Customer {
  number: string;
  name: string;
  drink: string;
  tags: string;
}

/** Regulars of every outlet, each with a phone that receives; one number is not on WhatsApp. */
@Injectable()
export class DemoCustomers {
  constructor(
    @Inject(SIMULATOR) private readonly simulator: Simulator,
    private readonly imports: ContactImportsService,
  ) {}

  /** Imports them the way people do: from a spreadsheet. */
  async arrive(outlets: readonly Outlet[]): Promise<void> {
    for (const [index, outlet] of outlets.entries()) {
      const customers = customersOf(index);
      for (const { number, name } of customers.slice(1)) this.simulator.phone(number, { name });
      const lines = customers.map(({ number, name, drink, tags }) =>
        [name, `0${number.slice(2)}`, drink, tags].join(';'),
      );
      const file = Buffer.from(['nama;nomor_wa;minuman;tag', ...lines].join('\n'));
      await this.imports.importAtOnce(null, outlet.id, file, NO_CHOICE, 'id');
    }
  }

  /** Every third reads what it gets at once, as far as its phone is there. */
  readAtOnce(outlets: readonly Outlet[]): void {
    const readers = new Set(
      outlets.flatMap((_, index) => customersOf(index).filter((_, nth) => nth % 3 === 2)).map(({ number }) => number),
    );
    for (const phone of this.simulator.phones()) if (readers.has(phone.number)) phone.receipts = 'read';
  }

  /** One regular of the first outlet has had enough, and says so there. */
  async optOut([outlet]: readonly Outlet[]): Promise<void> {
    const [, customer] = customersOf(0);
    if (!outlet || !customer) return;
    await this.simulator.phone(customer.number, { name: customer.name }).send(outlet.whatsappNumber, 'STOP');
  }
}

function customersOf(outlet: number): Customer[] {
  return Array.from({ length: EACH }, (_, index) => {
    const nth = outlet * EACH + index;
    return {
      number: `62855${String(10_000_000 + nth * 7_919)}`,
      name: `${GIVEN[nth % GIVEN.length]!} ${FAMILY[(nth * 3) % FAMILY.length]!}`,
      drink: DRINKS[nth % DRINKS.length]!,
      tags: nth % 4 === 0 ? 'member, pagi' : 'member',
    };
  });
}
