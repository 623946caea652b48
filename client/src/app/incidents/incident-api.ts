import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { Incident, IncidentPage } from '@koneksi/contracts/incidents';
import { firstValueFrom } from 'rxjs';

@Service()
export class IncidentApi {
  readonly #http = inject(HttpClient);

  /** Newest first. */
  page(after: string | null): Promise<IncidentPage> {
    return firstValueFrom(this.#http.get<IncidentPage>('/api/incidents', { params: { ...(after && { after }) } }));
  }

  one(id: string): Promise<Incident> {
    return firstValueFrom(this.#http.get<Incident>(`/api/incidents/${id}`));
  }

  acknowledge(id: string): Promise<Incident> {
    return firstValueFrom(this.#http.post<Incident>(`/api/incidents/${id}/acknowledge`, {}));
  }
}
