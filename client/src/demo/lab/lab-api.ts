import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type {
  DriftAnswer,
  LabState,
  PhoneVerb,
  VirtualPhone,
  WhatsAppState,
  WhatsAppVerb,
} from '@koneksi/contracts/demo';
import { firstValueFrom } from 'rxjs';

@Service()
export class LabApi {
  readonly #http = inject(HttpClient);

  phones(): Promise<VirtualPhone[]> {
    return firstValueFrom(this.#http.get<VirtualPhone[]>('/api/demo/phones'));
  }

  whatsApp(): Promise<WhatsAppState> {
    return firstValueFrom(this.#http.get<WhatsAppState>('/api/demo/whatsapp'));
  }

  scan(outletId: string): Promise<VirtualPhone> {
    return this.#post(`phones/${outletId}/scan`);
  }

  enterCode(outletId: string, code: string): Promise<VirtualPhone> {
    return this.#post(`phones/${outletId}/enter-code`, { code });
  }

  act(outletId: string, verb: PhoneVerb): Promise<VirtualPhone> {
    return this.#post(`phones/${outletId}/${verb}`);
  }

  actOnWhatsApp(verb: WhatsAppVerb): Promise<WhatsAppState> {
    return this.#post(`whatsapp/${verb}`);
  }

  drift(outletId: string): Promise<DriftAnswer> {
    return this.#post(`drift/${outletId}`);
  }

  recover(): Promise<LabState> {
    return this.#post('recover');
  }

  #post<Answer>(path: string, body: object = {}): Promise<Answer> {
    return firstValueFrom(this.#http.post<Answer>(`/api/demo/${path}`, body));
  }
}
