import { HttpClient, HttpHeaders } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type {
  BirthdayField,
  BirthdayFields,
  CreateRepeatingBlast,
  RepeatingBlast,
  RepeatingBlastCreated,
  RepeatingBlastList,
} from '@koneksi/contracts/repeating-blasts';
import { firstValueFrom } from 'rxjs';

export type RepeatingVerb = 'pause' | 'resume' | 'stop';

/** The routes of blasts that come again. */
@Service()
export class RepeatingApi {
  readonly #http = inject(HttpClient);

  page(after: string | null): Promise<RepeatingBlastList> {
    const params = { limit: 50, ...(after && { after }) };
    return firstValueFrom(this.#http.get<RepeatingBlastList>('/api/repeating-blasts', { params }));
  }

  /** The fields in which the contacts of these outlets have birthdays, and who of those meant has one. */
  async birthdays({
    outletIds,
    audience,
  }: Pick<CreateRepeatingBlast, 'outletIds' | 'audience'>): Promise<BirthdayField[]> {
    const found = this.#http.post<BirthdayFields>('/api/repeating-blasts/birthdays', { outletIds, audience });
    return (await firstValueFrom(found)).fields;
  }

  /** The same key and request again make no second one. */
  create(request: CreateRepeatingBlast, key: string): Promise<RepeatingBlastCreated> {
    const headers = new HttpHeaders({ 'Idempotency-Key': key });
    return firstValueFrom(this.#http.post<RepeatingBlastCreated>('/api/repeating-blasts', request, { headers }));
  }

  do(id: string, verb: RepeatingVerb): Promise<RepeatingBlast> {
    return firstValueFrom(this.#http.post<RepeatingBlast>(`/api/repeating-blasts/${id}/${verb}`, {}));
  }
}
