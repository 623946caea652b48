import { Inject, Injectable } from '@nestjs/common';
import type { PhoneFault, VirtualPhone } from '@koneksi/contracts/demo';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Phone, Simulator } from '@koneksi/whatsapp-simulator';
import { DomainError } from '../common/domain-error.js';
import { SessionDesk } from '../wa-session/desk/session-desk.js';
import { DEMO_OUTLETS } from './demo-data.js';

export const SIMULATOR = Symbol('the simulated WhatsApp');

/** Which fault a standing refusal of the login is, by WhatsApp's code. */
const REFUSALS: Record<string, PhoneFault> = { '402': 'restrict', '406': 'ban', '405': 'outdated' };

/** One phone per outlet, with the outlet's number, as real ones would lie beside the till. */
@Injectable()
export class VirtualPhones {
  constructor(
    @Inject(SIMULATOR) private readonly simulator: Simulator,
    private readonly desk: SessionDesk,
  ) {}

  of({ whatsappNumber, name }: Outlet): Phone {
    const known = this.simulator.phones().find((phone) => phone.number === whatsappNumber);
    const profile = DEMO_OUTLETS.find((outlet) => outlet.whatsappNumber === whatsappNumber)?.phone;
    return known ?? this.simulator.phone(whatsappNumber, profile ?? { name, business: true });
  }

  describe(outlet: Outlet): VirtualPhone {
    const phone = this.of(outlet);
    const { number, name, device, online } = phone;
    const devices = phone.devices.map(({ id, linkedAt, online }) => ({
      id,
      linkedAt: new Date(linkedAt).toISOString(),
      online,
    }));
    return {
      outletId: outlet.id,
      number,
      name,
      device,
      online,
      linked: devices.length > 0,
      devices,
      fault: this.faultOf(phone),
    };
  }

  faultOf({ number, faults }: Phone): PhoneFault | null {
    const standing = faults.active();
    const refusal = standing.find(({ fault }) => fault === 'refuseLogin')?.value as { reason: string } | undefined;
    if (refusal) return REFUSALS[refusal.reason] ?? null;
    if (standing.some(({ fault }) => fault === 'latency')) return 'slow';
    const connections = this.simulator.connections().filter((connection) => connection.number === number);
    // What the session left behind stays frozen; a new connection beside it means it was found out.
    return connections.length > 0 && connections.every(({ frozen }) => frozen) ? 'half-open' : null;
  }

  /** Lets the outlet's phone scan the QR that is shown. @throws `QR_NOT_SHOWN`, `PHONE_REFUSED` */
  async scan(outlet: Outlet): Promise<void> {
    const phone = this.of(outlet);
    const qr = this.desk.codes(outlet.id)?.qr.qr;
    if (!qr && phone.devices.length > 0) return;
    if (!qr) throw new DomainError('QR_NOT_SHOWN', 404, 'no QR is shown for this outlet; connect it first');
    await linking(() => phone.scan(qr));
  }

  /** Types the pairing code that is shown. @throws `PHONE_REFUSED` */
  async enterCode(outlet: Outlet, code: string): Promise<void> {
    const phone = this.of(outlet);
    await linking(() => phone.enterCode(code));
  }
}

async function linking(link: () => Promise<unknown>): Promise<void> {
  try {
    await link();
  } catch (error) {
    throw new DomainError(
      'PHONE_REFUSED',
      409,
      `the virtual phone did not link: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}
