import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { OutletBinPage } from '@koneksi/contracts/bin';
import type { OutletImportQuery, OutletImportResult } from '@koneksi/contracts/outlet-import';
import type { ConnectAnswer, ConnectRequest, Outlet } from '@koneksi/contracts/outlets';
import { firstValueFrom } from 'rxjs';
import { onlyIf } from '../core/edited';

/** What the form holds; the server brings the number into its one shape. */
export type OutletFields = Pick<Outlet, 'name' | 'whatsappNumber' | 'isActive' | 'autoReconnect' | 'city' | 'tags'>;

/** How a file of outlets is to be read where a guess is wrong. */
export type OutletFileReading = Omit<OutletImportQuery, 'look'>;

/** Commands only: what they change comes back by push. */
@Service()
export class OutletApi {
  readonly #http = inject(HttpClient);

  create(fields: OutletFields): Promise<Outlet> {
    return firstValueFrom(this.#http.post<Outlet>('/api/outlets', fields));
  }

  update(id: string, fields: Partial<OutletFields>, ifMatch?: string): Promise<Outlet> {
    return firstValueFrom(this.#http.patch<Outlet>(`/api/outlets/${id}`, fields, onlyIf(ifMatch)));
  }

  /** Whatever kind of file it is: the server finds out. `looks`: nothing is changed. */
  import(file: Blob, reading: OutletFileReading, looks: boolean): Promise<OutletImportResult> {
    const options = {
      headers: { 'Content-Type': 'application/octet-stream' },
      params: { ...reading, ...(looks && { look: 'true' }) },
    };
    return firstValueFrom(this.#http.post<OutletImportResult>('/api/outlets/import', file, options));
  }

  export(): Promise<Blob> {
    return firstValueFrom(this.#http.get('/api/outlets/export', { responseType: 'blob' }));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/outlets/${id}`));
  }

  bin(search: string, after: string | null): Promise<OutletBinPage> {
    const params = { ...(search && { search }), ...(after && { after }) };
    return firstValueFrom(this.#http.get<OutletBinPage>('/api/outlets/bin', { params }));
  }

  restore(id: string): Promise<Outlet> {
    return firstValueFrom(this.#http.post<Outlet>(`/api/outlets/bin/${id}/restore`, {}));
  }

  async purge(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/outlets/bin/${id}`));
  }

  connect(id: string, request: ConnectRequest): Promise<ConnectAnswer> {
    return firstValueFrom(this.#http.post<ConnectAnswer>(`/api/outlets/${id}/connect`, request));
  }

  pause(id: string): Promise<void> {
    return this.#command(id, 'pause');
  }

  resume(id: string): Promise<void> {
    return this.#command(id, 'resume');
  }

  logout(id: string): Promise<void> {
    return this.#command(id, 'logout');
  }

  async #command(id: string, command: 'pause' | 'resume' | 'logout'): Promise<void> {
    await firstValueFrom(this.#http.post(`/api/outlets/${id}/${command}`, {}));
  }
}
