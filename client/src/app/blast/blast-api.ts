import { HttpClient, HttpHeaders, HttpParams } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { BlastPreview } from '@koneksi/contracts/blast-preview';
import type { ChangedRecipients, RecipientPage, ResolveUnknown } from '@koneksi/contracts/blast-recipients';
import type {
  AudienceCount,
  BlastCreated,
  BlastVocabulary,
  CountAudience,
  CreateBlast,
  PreviewBlast,
  TestBlast,
  TestBlastAnswer,
} from '@koneksi/contracts/blast-requests';
import type { BlastSettings, UpdateBlastSettings } from '@koneksi/contracts/blast-settings';
import type { Blast, BlastPage, BlastTimeline } from '@koneksi/contracts/blasts';
import type { BlastPolicy, UpdateBlastPolicy } from '@koneksi/contracts/messages';
import { firstValueFrom } from 'rxjs';
import { changeEdited, onlyIf, readEdited, type Edited } from '../core/edited';

export type BlastVerb = 'start' | 'pause' | 'resume' | 'cancel';

/** The blast routes. How a blast goes on is pushed, never asked for. */
@Service()
export class BlastApi {
  readonly #http = inject(HttpClient);

  vocabulary(): Promise<BlastVocabulary> {
    return firstValueFrom(this.#http.get<BlastVocabulary>('/api/blasts/vocabulary'));
  }

  policy(): Promise<Edited<BlastPolicy>> {
    return readEdited(this.#http, '/api/blast-policy');
  }

  setPolicy(changes: UpdateBlastPolicy, ifMatch?: string): Promise<Edited<BlastPolicy>> {
    return changeEdited(this.#http, '/api/blast-policy', changes, ifMatch);
  }

  preview(request: PreviewBlast): Promise<BlastPreview> {
    return firstValueFrom(this.#http.post<BlastPreview>('/api/blasts/preview', request));
  }

  count(request: CountAudience): Promise<AudienceCount> {
    return firstValueFrom(this.#http.post<AudienceCount>('/api/blasts/count', request));
  }

  /** The same key and request again make no second blast. */
  create(request: CreateBlast, key: string): Promise<BlastCreated> {
    const headers = new HttpHeaders({ 'Idempotency-Key': key });
    return firstValueFrom(this.#http.post<BlastCreated>('/api/blasts', request, { headers }));
  }

  test(request: TestBlast): Promise<TestBlastAnswer> {
    return firstValueFrom(this.#http.post<TestBlastAnswer>('/api/blasts/test', request));
  }

  upload(file: File): Promise<BlastMedia> {
    const params = new HttpParams().set('fileName', file.name.slice(-120));
    const headers = new HttpHeaders({ 'Content-Type': 'application/octet-stream' });
    return firstValueFrom(this.#http.post<BlastMedia>('/api/blasts/media', file, { params, headers }));
  }

  /** What phones show of a film before they have it. */
  illustrate(mediaId: string, frame: Blob): Promise<unknown> {
    const headers = new HttpHeaders({ 'Content-Type': 'application/octet-stream' });
    return firstValueFrom(this.#http.put(`/api/blasts/media/${mediaId}/thumbnail`, frame, { headers }));
  }

  /** What this person uploaded. */
  uploaded(mediaId: string): Promise<Blob> {
    return firstValueFrom(this.#http.get(`/api/blasts/media/${mediaId}`, { responseType: 'blob' }));
  }

  page(before: string | null): Promise<BlastPage> {
    return firstValueFrom(this.#http.get<BlastPage>('/api/blasts', { params: before ? { before } : {} }));
  }

  do(id: string, verb: BlastVerb): Promise<Blast> {
    return firstValueFrom(this.#http.post<Blast>(`/api/blasts/${id}/${verb}`, {}));
  }

  retry(id: string): Promise<ChangedRecipients> {
    return firstValueFrom(this.#http.post<ChangedRecipients>(`/api/blasts/${id}/retry`, {}));
  }

  resolve(id: string, word: ResolveUnknown): Promise<ChangedRecipients> {
    return firstValueFrom(this.#http.post<ChangedRecipients>(`/api/blasts/${id}/resolve`, word));
  }

  recipients(id: string, query: Record<string, string | number>): Promise<RecipientPage> {
    return firstValueFrom(this.#http.get<RecipientPage>(`/api/blasts/${id}/recipients`, { params: query }));
  }

  csv(id: string): Promise<Blob> {
    return firstValueFrom(this.#http.get(`/api/blasts/${id}/recipients.csv`, { responseType: 'blob' }));
  }

  media(id: string): Promise<Blob> {
    return firstValueFrom(this.#http.get(`/api/blasts/${id}/media`, { responseType: 'blob' }));
  }

  timeline(id: string): Promise<BlastTimeline> {
    return firstValueFrom(this.#http.get<BlastTimeline>(`/api/blasts/${id}/timeline`));
  }

  settings(outletId: string): Promise<Edited<BlastSettings>> {
    return readEdited(this.#http, `/api/outlets/${outletId}/blast-settings`);
  }

  updateSettings(outletId: string, changes: UpdateBlastSettings, ifMatch?: string): Promise<BlastSettings> {
    return firstValueFrom(
      this.#http.patch<BlastSettings>(`/api/outlets/${outletId}/blast-settings`, changes, onlyIf(ifMatch)),
    );
  }
}
