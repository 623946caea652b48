import type { HttpClient, HttpResponse } from '@angular/common/http';
import { firstValueFrom } from 'rxjs';

/** What somebody edits, as it was when they began. */
export class Edited<Value> {
  #ifMatch: string;

  /** @param etag of what they see; a proxy may have dropped it, and then nothing is compared */
  constructor(
    readonly value: Value,
    etag: string | null,
  ) {
    this.#ifMatch = etag ?? '*';
  }

  /** Lets a change through where nobody else made one since. */
  get ifMatch(): string {
    return this.#ifMatch;
  }

  /** They were told that somebody did, and mean theirs all the same. */
  overwrite(): void {
    this.#ifMatch = '*';
  }
}

export async function readEdited<Value>(http: HttpClient, path: string): Promise<Edited<Value>> {
  return editedIn(await firstValueFrom(http.get<Value>(path, { observe: 'response' })));
}

/** As it is after the change, for who goes on with it at once. */
export async function changeEdited<Value>(
  http: HttpClient,
  path: string,
  changes: object,
  ifMatch?: string,
): Promise<Edited<Value>> {
  return editedIn(await firstValueFrom(http.patch<Value>(path, changes, { ...onlyIf(ifMatch), observe: 'response' })));
}

const editedIn = <Value>({ body, headers }: HttpResponse<Value>): Edited<Value> =>
  new Edited(body!, headers.get('ETag'));

/** Options of a change: with a tag it is refused by `CHANGED_MEANWHILE` where somebody else was first. */
export const onlyIf = (ifMatch?: string): { headers?: Record<string, string> } =>
  ifMatch === undefined ? {} : { headers: { 'If-Match': ifMatch } };
