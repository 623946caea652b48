import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type {
  SavedMessage,
  SavedMessageList,
  SaveMessage,
  UpdateSavedMessage,
} from '@koneksi/contracts/saved-messages';
import { firstValueFrom } from 'rxjs';
import { changeEdited, onlyIf, readEdited, type Edited } from '../../core/edited';

/** The routes of messages kept under a name. */
@Service()
export class SavedApi {
  readonly #http = inject(HttpClient);

  /** There are never more than one page of them. */
  async all(): Promise<readonly SavedMessage[]> {
    return (await firstValueFrom(this.#http.get<SavedMessageList>('/api/saved-messages'))).items;
  }

  create(message: SaveMessage): Promise<SavedMessage> {
    return firstValueFrom(this.#http.post<SavedMessage>('/api/saved-messages', message));
  }

  read(id: string): Promise<Edited<SavedMessage>> {
    return readEdited(this.#http, `/api/saved-messages/${id}`);
  }

  async change(id: string, changes: UpdateSavedMessage, ifMatch: string): Promise<void> {
    await changeEdited<SavedMessage>(this.#http, `/api/saved-messages/${id}`, changes, ifMatch);
  }

  async remove(id: string, ifMatch: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/saved-messages/${id}`, onlyIf(ifMatch)));
  }
}
