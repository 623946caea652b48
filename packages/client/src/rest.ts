import type { RecipientPage } from '@koneksi/contracts/blast-recipients';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Blast, BlastPage } from '@koneksi/contracts/blasts';
import type { Contact, ContactPage } from '@koneksi/contracts/contacts';
import type { MessageAccepted, SentMessage } from '@koneksi/contracts/messages';
import type { OutletStatus, OutletStatusDocument, StatusHistoryAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { ConnectAnswer, Outlet } from '@koneksi/contracts/outlets';
import { KoneksiError, send, type RestOptions } from './rest-request.ts';

export { KoneksiError, type RestOptions };

/** A page of a list; `after` is `next` of the page before. */
export interface Page {
  limit?: number;
  after?: string;
}

export interface StatusFilter {
  /** One or several, such as `FAILED,TIMEOUT`. */
  status?: string;
  healthy?: boolean;
  city?: string;
  tag?: string;
}

export interface NewMessage {
  outletId: string;
  /** As people write it, or digits with country code. */
  phone: string;
  /** Sent as it stands. */
  text: string;
}

export interface NewContact {
  phone: string;
  name?: string | null;
  fields?: Record<string, string>;
  tags?: string[];
}

export interface NewBlast {
  outletIds: 'all' | string[];
  message: string;
  audience?: 'all' | { tags: string[] } | { contactIds: string[] } | { phones: string[] };
  title?: string | null;
  /** An instant in ISO 8601; at once without one. */
  scheduledAt?: string;
}

/** What a POST is known by: with the same key and body nothing is done twice, however often it is asked. */
export interface Once {
  /** Of your own, such as `order-1042`, where your program may ask again after it died; else one is drawn. */
  idempotencyKey?: string;
}

/**
 * Koneksi's REST. What fails is a `KoneksiError` with a stable `code`. Reads, and POSTs by their key, are tried again where
 * no answer came; whatever was refused for now is tried again after `Retry-After`.
 */
export class KoneksiRest {
  readonly #options: RestOptions;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  statuses(filter: StatusFilter = {}): Promise<OutletStatusDocument> {
    return this.#get('/outlets/status', filter);
  }

  /** What changed after `cursor` of the answer before, `0` at first; `complete` where it is all there is. */
  statusesSince(cursor: string): Promise<OutletStatusDocument> {
    return this.#get('/outlets/status', { since: cursor });
  }

  status(outletId: string): Promise<OutletStatus> {
    return this.#get(`/outlets/${id(outletId)}/status`);
  }

  /** Changes of the status of one outlet, newest first. */
  history(
    outletId: string,
    range: Page & { from?: string; to?: string; since?: number } = {},
  ): Promise<StatusHistoryAnswer> {
    return this.#get(`/outlets/${id(outletId)}/history`, range);
  }

  outlets(
    filter: Page & { search?: string; city?: string; tag?: string } = {},
  ): Promise<{ items: Outlet[]; next: string | null }> {
    // Without a limit it is the bare array of the first edition.
    return this.#get('/outlets', { limit: 1_000, ...filter });
  }

  outlet(outletId: string): Promise<Outlet> {
    return this.#get(`/outlets/${id(outletId)}`);
  }

  /** Starts linking or reconnects it; what comes of it is told by its status. */
  connect(outletId: string, how: { method?: 'qr' | 'pairing-code' } & Once = {}): Promise<ConnectAnswer> {
    const { idempotencyKey, ...body } = how;
    return this.#post(`/outlets/${id(outletId)}/connect`, body, { ...(idempotencyKey && { idempotencyKey }) });
  }

  async pause(outletId: string, once: Once = {}): Promise<void> {
    await this.#post(`/outlets/${id(outletId)}/pause`, undefined, once);
  }

  async resume(outletId: string, once: Once = {}): Promise<void> {
    await this.#post(`/outlets/${id(outletId)}/resume`, undefined, once);
  }

  sendMessage(message: NewMessage, once: Once = {}): Promise<MessageAccepted> {
    return this.#post('/messages', message, once);
  }

  message(messageId: string): Promise<SentMessage> {
    return this.#get(`/messages/${id(messageId)}`);
  }

  contacts(outletId: string, filter: Page & { search?: string; tag?: string } = {}): Promise<ContactPage> {
    return this.#get(`/outlets/${id(outletId)}/contacts`, filter);
  }

  createContact(outletId: string, contact: NewContact, once: Once = {}): Promise<Contact> {
    return this.#post(`/outlets/${id(outletId)}/contacts`, contact, once);
  }

  /** What is not named stays; `fields` and `tags` are replaced whole. */
  updateContact(contactId: string, change: Partial<NewContact>): Promise<Contact> {
    return send(this.#options, { method: 'PATCH', path: `/contacts/${id(contactId)}`, body: change });
  }

  removeContact(contactId: string): Promise<void> {
    return send(this.#options, { method: 'DELETE', path: `/contacts/${id(contactId)}` });
  }

  createBlast(blast: NewBlast, once: Once = {}): Promise<BlastCreated> {
    return this.#post('/blasts', blast, once);
  }

  blasts(filter: Page & { status?: string } = {}): Promise<BlastPage> {
    return this.#get('/blasts', filter);
  }

  blast(blastId: string): Promise<Blast> {
    return this.#get(`/blasts/${id(blastId)}`);
  }

  recipients(blastId: string, filter: Page & { status?: string; outletId?: string } = {}): Promise<RecipientPage> {
    return this.#get(`/blasts/${id(blastId)}/recipients`, filter);
  }

  async pauseBlast(blastId: string, once: Once = {}): Promise<void> {
    await this.#post(`/blasts/${id(blastId)}/pause`, undefined, once);
  }

  async resumeBlast(blastId: string, once: Once = {}): Promise<void> {
    await this.#post(`/blasts/${id(blastId)}/resume`, undefined, once);
  }

  async cancelBlast(blastId: string, once: Once = {}): Promise<void> {
    await this.#post(`/blasts/${id(blastId)}/cancel`, undefined, once);
  }

  #get<Answer>(path: string, query: object = {}): Promise<Answer> {
    return send(this.#options, { method: 'GET', path, query });
  }

  #post<Answer>(path: string, body: unknown, { idempotencyKey = newKey() }: Once): Promise<Answer> {
    return send(this.#options, { method: 'POST', path, body, idempotencyKey });
  }
}

/** Whatever is handed in stays one piece of the path: `..` would ask for something else, with the token. */
function id(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new TypeError(`this is no id: ${JSON.stringify(text)}`);
  return text;
}

/** Where a page is no secure context there is no `randomUUID`. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
