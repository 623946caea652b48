import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { Incident, IncidentPage } from '@koneksi/contracts/incidents';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Uptime, UptimeRanking, UptimeWindow } from '@koneksi/contracts/uptime';
import { firstValueFrom } from 'rxjs';

const SHOWN_INCIDENTS = 8;

@Service()
export class UptimeApi {
  readonly #http = inject(HttpClient);

  /** Of all the reader may see, or of one outlet. */
  of(outletId: string | null, window: UptimeWindow): Promise<Uptime> {
    const path = outletId === null ? '/api/uptime' : `/api/outlets/${outletId}/uptime`;
    return firstValueFrom(this.#http.get<Uptime>(path, { params: { window } }));
  }

  ranking(window: UptimeWindow): Promise<UptimeRanking> {
    return firstValueFrom(this.#http.get<UptimeRanking>('/api/uptime/ranking', { params: { window } }));
  }

  outlets(): Promise<Outlet[]> {
    return firstValueFrom(this.#http.get<Outlet[]>('/api/outlets'));
  }

  /** Those that lasted beyond an instant, newest first. */
  async incidents(outletId: string | null, from: string): Promise<Incident[]> {
    const params = { from, limit: SHOWN_INCIDENTS, ...(outletId !== null && { outletId }) };
    return (await firstValueFrom(this.#http.get<IncidentPage>('/api/incidents', { params }))).items;
  }

  /** @param month `YYYY-MM` */
  sheet(month: string): Promise<Blob> {
    return firstValueFrom(this.#http.get('/api/uptime/month.csv', { params: { month }, responseType: 'blob' }));
  }
}
