import type { Stanza } from '../wire/stanza.js';

/** More than any test leaves unread; a client that never acknowledges must not fill the process. */
const MAX_ENTRIES = 5_000;

/**
 * What a linked device has not acknowledged yet. The service keeps a stanza until the client says it
 * has it, so mail that met a dead connection comes again, marked `offline`, after the next login.
 */
export class Mailbox {
  private readonly entries = new Map<string, Stanza>();

  constructor(stanzas: Iterable<Stanza> = []) {
    for (const stanza of stanzas) this.put(stanza);
  }

  get size(): number {
    return this.entries.size;
  }

  /** A stanza with the same identity (a message sent again) replaces the earlier one. */
  put(stanza: Stanza): void {
    const key = identityOf(stanza.tag, stanza.attrs);
    this.entries.delete(key);
    this.entries.set(key, stanza);
    if (this.entries.size > MAX_ENTRIES) {
      const [oldest] = this.entries.keys();
      if (oldest !== undefined) this.entries.delete(oldest);
    }
  }

  /** `<ack class id to [type]>`, or any receipt for a message. True when it was in here. */
  acknowledge(tag: string, attrs: { id?: string; type?: string; to?: string }): boolean {
    return this.entries.delete(identityOf(tag, { id: attrs.id ?? '', type: attrs.type ?? '', from: attrs.to ?? '' }));
  }

  /** Everything unacknowledged, oldest first. */
  list(): Stanza[] {
    return [...this.entries.values()];
  }
}

/** A message id is unique by itself; delivered and read receipts share theirs. */
function identityOf(tag: string, attrs: Record<string, string>): string {
  return tag === 'message' ? `message ${attrs.id}` : `${tag} ${attrs.id} ${attrs.type ?? ''} ${attrs.from ?? ''}`;
}
