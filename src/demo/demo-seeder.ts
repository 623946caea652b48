import { Injectable } from '@nestjs/common';
import type { Outlet } from '@koneksi/contracts/outlets';
import { OutletsService } from '../outlets/outlets.service.js';
import { UsersService } from '../users/users.service.js';
import { EventBus } from '../common/event-bus.js';
import { Limits } from '../blast/limits/limits.js';
import { SessionDesk } from '../wa-session/desk/session-desk.js';
import { ADMIN, DEMO_OUTLETS, STAFF, STAFF_OUTLET, zoneOf } from './demo-data.js';
import { DemoCustomers } from './demo-customers.js';
import { DemoLab } from './demo-lab.js';
import { PastBlast } from './past/past-blast.js';
import { statusReached } from './status-reached.js';
import { VirtualPhones } from './virtual-phones.js';

const LINK_WITHIN_MS = 20_000;

/** Visitors come at any hour and stay for minutes, and nobody is behind these phones; the product's own are careful. */
const AT_ONCE = {
  paceMinMs: 1_000,
  paceMaxMs: 3_000,
  newChatsPerDay: 1_000,
  knownChatsPerDay: 1_000,
  warmUpDays: 0,
  quietHours: null,
} as const;

/**
 * Fills an empty demo once: outlets with their customers, one user of each role, a blast of two days ago, and four phones
 * that scan their QR. Later starts mend it.
 */
@Injectable()
export class DemoSeeder {
  constructor(
    private readonly outlets: OutletsService,
    private readonly users: UsersService,
    private readonly desk: SessionDesk,
    private readonly phones: VirtualPhones,
    private readonly lab: DemoLab,
    private readonly customers: DemoCustomers,
    private readonly limits: Limits,
    private readonly pastBlast: PastBlast,
    private readonly bus: EventBus,
  ) {}

  async seed(): Promise<void> {
    const outlets = await this.outlets.all();
    const users = await this.users.list();
    if (users.some(({ email }) => email === ADMIN.email)) await this.openAgain(outlets);
    else await this.fill(outlets.length > 0 ? outlets : await this.createOutlets());
    this.customers.readAtOnce(await this.outlets.all());
  }

  private createOutlets(): Promise<Outlet[]> {
    return Promise.all(
      DEMO_OUTLETS.map(({ name, whatsappNumber, city, tags }) =>
        this.outlets.create({ name, whatsappNumber, city, tags, isActive: true, autoReconnect: true }),
      ),
    );
  }

  private async fill(outlets: Outlet[]): Promise<void> {
    for (const outlet of outlets) await this.limits.update(outlet.id, { ...AT_ONCE, zone: zoneOf(outlet) });
    await this.customers.arrive(outlets);
    const admin = await this.createUsers(outlets);
    await this.pastBlast.write(admin, outlets);
    await Promise.all(outlets.map((outlet) => this.connect(outlet)));
    await this.customers.optOut(outlets);
  }

  /** Faults ended with the simulator that had them; what they did to outlets is mended, and who waited waits again. */
  private async openAgain(outlets: Outlet[]): Promise<void> {
    await this.lab.recover(outlets);
    const waiting = DEMO_OUTLETS.filter(({ linked }) => !linked).map(({ whatsappNumber }) => whatsappNumber);
    for (const { id, whatsappNumber } of outlets) {
      if (waiting.includes(whatsappNumber)) void this.desk.tell(id, { type: 'connect', method: 'qr' });
    }
  }

  /** The superadmin is the first user, which the product itself makes. */
  private async createUsers(outlets: Outlet[]): Promise<{ id: string; name: string }> {
    const staffOutlets = outlets.filter((outlet) => outlet.name === STAFF_OUTLET).map((outlet) => outlet.id);
    await this.users.create({ ...STAFF, outletIds: staffOutlets });
    return this.users.create({ ...ADMIN, outletIds: [] });
  }

  /** Presses Koneksikan, and has the phone scan as soon as the QR is there; one outlet is left waiting for its visitor. */
  private async connect(outlet: Outlet): Promise<void> {
    const phone = this.phones.of(outlet);
    const scans = DEMO_OUTLETS.some(({ whatsappNumber, linked }) => linked && whatsappNumber === phone.number);
    const shown = this.reached(outlet.id, (change) => change.session.qrCode === 'Present');
    void this.desk.tell(outlet.id, { type: 'connect', method: 'qr' });
    await shown;
    if (!scans) return;
    const connected = this.reached(outlet.id, (change) => change.session.status === 'CONNECTED');
    await this.phones.scan(outlet);
    await connected;
  }

  private reached(outletId: string, fits: Parameters<typeof statusReached>[2]): Promise<void> {
    return statusReached(this.bus, outletId, fits, LINK_WITHIN_MS);
  }
}
