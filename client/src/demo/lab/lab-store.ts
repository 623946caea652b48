import { inject, Service, signal } from '@angular/core';
import type { PhoneVerb, VirtualPhone, WhatsAppState, WhatsAppVerb } from '@koneksi/contracts/demo';
import { Notifier } from '../../app/ui/notifier';
import { LabApi } from './lab-api';

/** The virtual phones and WhatsApp as the lab last heard of them. What happens to outlets comes by push, as ever. */
@Service()
export class LabStore {
  readonly #api = inject(LabApi);
  readonly #notifier = inject(Notifier);
  readonly #phones = signal<ReadonlyMap<string, VirtualPhone>>(new Map());
  readonly #whatsApp = signal<WhatsAppState['state']>('up');
  readonly #busy = signal(false);
  readonly whatsApp = this.#whatsApp.asReadonly();
  readonly busy = this.#busy.asReadonly();

  phone(outletId: string): VirtualPhone | undefined {
    return this.#phones().get(outletId);
  }

  load(): Promise<void> {
    return this.#try(async () => {
      const [phones, { state }] = await Promise.all([this.#api.phones(), this.#api.whatsApp()]);
      this.#phones.set(new Map(phones.map((phone) => [phone.outletId, phone])));
      this.#whatsApp.set(state);
    });
  }

  scan(outletId: string): Promise<void> {
    return this.#try(async () => this.#put(await this.#api.scan(outletId)));
  }

  enterCode(outletId: string, code: string): Promise<void> {
    return this.#try(async () => this.#put(await this.#api.enterCode(outletId, code)));
  }

  act(outletId: string, verb: PhoneVerb): Promise<void> {
    return this.#try(async () => this.#put(await this.#api.act(outletId, verb)));
  }

  actOnWhatsApp(verb: WhatsAppVerb): Promise<void> {
    return this.#try(async () => this.#whatsApp.set((await this.#api.actOnWhatsApp(verb)).state));
  }

  drift(outletId: string): Promise<void> {
    return this.#try(async () => void (await this.#api.drift(outletId)));
  }

  recover(): Promise<void> {
    return this.#try(async () => {
      const { phones, whatsapp } = await this.#api.recover();
      this.#phones.set(new Map(phones.map((phone) => [phone.outletId, phone])));
      this.#whatsApp.set(whatsapp.state);
    });
  }

  #put(phone: VirtualPhone): void {
    this.#phones.set(new Map(this.#phones()).set(phone.outletId, phone));
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#busy.set(true);
    try {
      await work();
    } catch (fault) {
      this.#notifier.tellFault(fault);
    } finally {
      this.#busy.set(false);
    }
  }
}
