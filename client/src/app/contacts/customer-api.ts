import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { ErasedCustomer, PersonalDataFile } from '@koneksi/contracts/personal-data';
import { firstValueFrom } from 'rxjs';

/** What a customer may ask of a shop by law. */
@Service()
export class CustomerApi {
  readonly #http = inject(HttpClient);

  data(phone: string): Promise<PersonalDataFile> {
    return firstValueFrom(this.#http.get<PersonalDataFile>(`/api/customers/${phone}/data`));
  }

  erase(phone: string): Promise<ErasedCustomer> {
    return firstValueFrom(this.#http.post<ErasedCustomer>(`/api/customers/${phone}/erase`, { confirm: phone }));
  }
}
