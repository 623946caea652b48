import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type {
  ContactBinPage,
  PurgeContacts,
  PurgedContacts,
  RestoreContacts,
  RestoredContacts,
} from '@koneksi/contracts/bin';
import type {
  ChainImportQuery,
  ChainImportResult,
  ChooseColumns,
  ImportPreview,
  ImportResult,
} from '@koneksi/contracts/contact-import';
import type { Contact, ContactPage, DeletedContacts, TagCount } from '@koneksi/contracts/contacts';
import { firstValueFrom } from 'rxjs';
import { onlyIf } from '../core/edited';

/** Which contacts are meant; what is empty leaves all in. */
export interface Matching {
  search: string;
  tag: string;
}

export type ContactFields = Pick<Contact, 'phone' | 'name' | 'tags' | 'fields'>;

/** How a file for several outlets is to be read where a guess is wrong. */
export type ChainFileReading = Omit<ChainImportQuery, 'look'>;

@Service()
export class ContactApi {
  readonly #http = inject(HttpClient);

  page(outletId: string, matching: Matching, after: string | null): Promise<ContactPage> {
    const params = { ...given(matching), ...(after && { after }) };
    return firstValueFrom(this.#http.get<ContactPage>(`/api/outlets/${outletId}/contacts`, { params }));
  }

  tags(outletId: string): Promise<TagCount[]> {
    return firstValueFrom(this.#http.get<TagCount[]>(`/api/outlets/${outletId}/contacts/tags`));
  }

  create(outletId: string, fields: ContactFields): Promise<Contact> {
    return firstValueFrom(this.#http.post<Contact>(`/api/outlets/${outletId}/contacts`, fields));
  }

  update(id: string, fields: Partial<ContactFields>, ifMatch?: string): Promise<Contact> {
    return firstValueFrom(this.#http.patch<Contact>(`/api/contacts/${id}`, fields, onlyIf(ifMatch)));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/contacts/${id}`));
  }

  removeMatching(outletId: string, matching: Matching): Promise<DeletedContacts> {
    const body = { matching: given(matching) };
    return firstValueFrom(this.#http.post<DeletedContacts>(`/api/outlets/${outletId}/contacts/delete`, body));
  }

  bin(outletId: string, search: string, after: string | null): Promise<ContactBinPage> {
    const params = { ...(search.trim() && { search: search.trim() }), ...(after && { after }) };
    return firstValueFrom(this.#http.get<ContactBinPage>(`/api/outlets/${outletId}/contacts/bin`, { params }));
  }

  restore(outletId: string, which: RestoreContacts): Promise<RestoredContacts> {
    return firstValueFrom(this.#http.post<RestoredContacts>(`/api/outlets/${outletId}/contacts/bin/restore`, which));
  }

  async purge(outletId: string, which: PurgeContacts): Promise<number> {
    const answer = this.#http.post<PurgedContacts>(`/api/outlets/${outletId}/contacts/bin/empty`, which);
    return (await firstValueFrom(answer)).deleted;
  }

  export(outletId: string, matching: Matching): Promise<Blob> {
    const options = { params: given(matching), responseType: 'blob' as const };
    return firstValueFrom(this.#http.get(`/api/outlets/${outletId}/contacts/export`, options));
  }

  /** Whatever kind of file it is: the server finds out. */
  upload(outletId: string, file: Blob): Promise<ImportPreview> {
    const options = { headers: { 'Content-Type': 'application/octet-stream' } };
    return firstValueFrom(this.#http.post<ImportPreview>(`/api/outlets/${outletId}/contacts/imports`, file, options));
  }

  /** Contacts of several outlets, told apart by a column. `looks`: nothing is changed. */
  importForChain(file: Blob, reading: ChainFileReading, looks: boolean): Promise<ChainImportResult> {
    const options = {
      headers: { 'Content-Type': 'application/octet-stream' },
      params: { ...reading, ...(looks && { look: 'true' }) },
    };
    return firstValueFrom(this.#http.post<ChainImportResult>('/api/contacts/import', file, options));
  }

  readAnew(outletId: string, importId: string, choice: ChooseColumns): Promise<ImportPreview> {
    const route = `/api/outlets/${outletId}/contacts/imports/${importId}/preview`;
    return firstValueFrom(this.#http.post<ImportPreview>(route, choice));
  }

  commit(outletId: string, importId: string): Promise<ImportResult> {
    const route = `/api/outlets/${outletId}/contacts/imports/${importId}/commit`;
    return firstValueFrom(this.#http.post<ImportResult>(route, {}));
  }
}

function given({ search, tag }: Matching): Partial<Matching> {
  return { ...(search.trim() && { search: search.trim() }), ...(tag && { tag }) };
}
