import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { ActivityFileQuery, ActivityPage } from '@koneksi/contracts/activity';
import { firstValueFrom } from 'rxjs';

/** What is not asked for is not sent. */
export type ActivityFilters = { readonly [Name in keyof ActivityFileQuery]: string | undefined };

const given = (filters: ActivityFilters): Record<string, string> =>
  Object.fromEntries(Object.entries(filters).filter((entry): entry is [string, string] => !!entry[1]));

@Service()
export class ActivityApi {
  readonly #http = inject(HttpClient);

  /** Newest first. */
  page(filters: ActivityFilters, after: string | null): Promise<ActivityPage> {
    const params = { ...given(filters), ...(after !== null && { after }) };
    return firstValueFrom(this.#http.get<ActivityPage>('/api/activity', { params }));
  }

  csv(filters: ActivityFilters): Promise<Blob> {
    return firstValueFrom(this.#http.get('/api/activity.csv', { params: given(filters), responseType: 'blob' }));
  }
}
