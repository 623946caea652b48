import { Inject, Injectable } from '@nestjs/common';
import type {
  DriftAnswer,
  LabState,
  PhoneFault,
  PhoneVerb,
  VirtualPhone,
  WhatsAppState,
  WhatsAppVerb,
} from '@koneksi/contracts/demo';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Ending, LoginRefusal, Phone, Simulator } from '@koneksi/whatsapp-simulator';
import { DataSource } from 'typeorm';
import { EventBus } from '../common/event-bus.js';
import { Config } from '../config/config.js';
import { SessionDesk, type SessionFacts } from '../wa-session/desk/session-desk.js';
import { statusReached } from './status-reached.js';
import { SIMULATOR, VirtualPhones } from './virtual-phones.js';

/** How long an answer waits for the session to hear that its connection ended. Milliseconds. */
const TOLD_WITHIN_MS = 3_000;
/** A poor line: enough to see a login take its time, and less than what the watch calls silence. Milliseconds. */
const SLOW_MS = 1_500;
const JUNK_FRAMES = 500;

/** Each fault: what stands until it is recovered, and how the connections there are end, if they do. */
const FAULTS: Record<PhoneFault, { stand: (phone: Phone) => void; end?: Ending }> = {
  ban: { stand: refusing({ reason: '406' }), end: 'banned' },
  restrict: { stand: refusing({ reason: '402', attrs: { code: '101', expire: '3600' } }), end: 'temporarily-banned' },
  outdated: { stand: refusing({ reason: '405' }), end: 'outdated' },
  'half-open': { stand: ({ faults }) => void faults.freeze('silent') },
  slow: { stand: ({ faults }) => faults.latency(SLOW_MS), end: 'drop' },
};

/** What a visitor does to phones, WhatsApp and the database; the product answers it as it would in life. */
@Injectable()
export class DemoLab {
  constructor(
    @Inject(SIMULATOR) private readonly simulator: Simulator,
    private readonly phones: VirtualPhones,
    private readonly desk: SessionDesk,
    private readonly bus: EventBus,
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** Pressed twice it changes nothing more. Answers the phone as it is once the outlet's session has heard of it. */
  async act(outlet: Outlet, verb: PhoneVerb): Promise<VirtualPhone> {
    const phone = this.phones.of(outlet);
    switch (verb) {
      case 'offline':
      case 'online':
        phone.setOnline(verb === 'online');
        break;
      case 'unlink':
        await this.heard([outlet.id], () => phone.unlink());
        break;
      case 'replaced':
        await this.heard([outlet.id], () => phone.faults.end('replaced'));
        break;
      case 'junk':
        await this.heard([outlet.id], () => phone.faults.junk('mixed', JUNK_FRAMES));
        break;
      case 'recover':
        this.recoverPhone(phone);
        this.wake(outlet.id);
        break;
      default:
        await this.inject(outlet, phone, verb);
    }
    return this.phones.describe(outlet);
  }

  whatsApp(): WhatsAppState {
    const standing = new Set(this.simulator.faults.active().map(({ fault }) => fault));
    if (standing.has('refuseConnections')) return { state: 'cut' };
    return { state: standing.has('refuseUpgrade') ? 'down' : 'up' };
  }

  async actOnWhatsApp(verb: WhatsAppVerb): Promise<WhatsAppState> {
    const { faults } = this.simulator;
    if (verb === 'recover') {
      await this.recoverWhatsApp();
      for (const { outletId, status } of this.desk.all()) if (status !== 'FAILED') this.wake(outletId);
    } else if (verb !== this.whatsApp().state) {
      await this.recoverWhatsApp();
      if (verb === 'down') faults.refuseUpgrade(503);
      else await faults.refuseConnections();
      await this.heard(
        this.desk.all().map(({ outletId }) => outletId),
        () => faults.end('drop'),
      );
    }
    return this.whatsApp();
  }

  /** Ends every fault, of WhatsApp and of these outlets' phones. */
  async recover(outlets: readonly Outlet[]): Promise<LabState> {
    await this.recoverWhatsApp();
    for (const outlet of outlets) this.recoverPhone(this.phones.of(outlet));
    for (const outlet of outlets) this.wake(outlet.id);
    return { whatsapp: this.whatsApp(), phones: outlets.map((outlet) => this.phones.describe(outlet)) };
  }

  /** Past the product, as a person with a database client would. */
  async drift({ id }: Outlet): Promise<DriftAnswer> {
    const wrote = this.desk.facts(id)?.status === 'CONNECTED' ? 'DISCONNECTED' : 'CONNECTED';
    await this.dataSource.query('UPDATE wa_session SET status = $2 WHERE outlet_id = $1', [id, wrote]);
    return { outletId: id, wrote, correctedWithinMs: this.config.reconcileIntervalMs };
  }

  private async inject(outlet: Outlet, phone: Phone, fault: PhoneFault): Promise<void> {
    if (this.phones.faultOf(phone) === fault) return;
    const { stand, end } = FAULTS[fault];
    phone.faults.clear();
    stand(phone);
    if (end) await this.heard([outlet.id], () => phone.faults.end(end));
  }

  private recoverPhone(phone: Phone): void {
    phone.faults.clear();
    phone.setOnline(true);
  }

  private async recoverWhatsApp(): Promise<void> {
    this.simulator.faults.clear();
    await this.simulator.faults.acceptConnections();
  }

  /** Ends connections and waits until those outlets that had one say so. */
  private async heard(outletIds: readonly string[], end: () => unknown): Promise<void> {
    const connected = outletIds.filter((id) => this.desk.facts(id)?.status === 'CONNECTED');
    const heard = connected.map((id) =>
      statusReached(this.bus, id, ({ session }) => session.status !== 'CONNECTED', TOLD_WITHIN_MS),
    );
    end();
    await Promise.allSettled(heard);
  }

  /** Presses Koneksikan where a link is there and only waits. */
  private wake(outletId: string): void {
    const facts = this.desk.facts(outletId);
    if (facts && isBeside(facts)) void this.logInAnew(outletId);
    else if (facts && isWaiting(facts)) void this.desk.tell(outletId, { type: 'connect', method: 'qr' });
  }

  private async logInAnew(outletId: string): Promise<void> {
    await this.desk.tell(outletId, { type: 'pause', by: 'Demo' });
    await this.desk.tell(outletId, { type: 'resume' });
  }
}

/** A QR is shown beside a link that WhatsApp refused; whoever presses meanwhile is shown that QR. */
const isBeside = ({ linked, reason }: SessionFacts): boolean => linked && reason === 'PAIRING';

function isWaiting({ linked, reason, status }: SessionFacts): boolean {
  if (reason === 'WHATSAPP_UNREACHABLE') return true;
  return linked && ['CONNECTING', 'TIMEOUT', 'FAILED'].includes(status);
}

function refusing(refusal: LoginRefusal): (phone: Phone) => void {
  return ({ faults }) => faults.refuseLogin(refusal);
}
