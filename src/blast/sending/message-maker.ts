import { CAPTION_MAX, MESSAGE_MAX } from '@koneksi/contracts/blast-limits';
import { renderMessage } from '@koneksi/contracts/blast-template';
import { isBlank } from '@koneksi/contracts/plain-text';
import { withWayOut } from '@koneksi/contracts/way-out';
import { Injectable } from '@nestjs/common';
import type { Ownership } from '../../wa-session/fence.js';
import type { Messenger } from '../../wa-session/messenger.js';
import { UnreadableSecret } from '../../common/sealing.js';
import { BlastKeys } from '../blast-keys.js';
import { Ledger } from '../ledger.js';
import { MediaStore } from '../media/media-store.js';
import type { OutletMemory } from './outlet-memory.js';
import { SendStore, type OpenPart, type QueuedRow } from './send-store.js';

const MAX_FAILED_UPLOADS = 3;

/** A message with its id, ready to leave. */
export interface ReadyMessage {
  seq: number;
  number: string;
  isNew: boolean;
  messageId: string;
  content: Uint8Array;
}

/** Makes rows into messages, and keeps them before they can leave. */
@Injectable()
export class MessageMaker {
  constructor(
    private readonly store: SendStore,
    private readonly ledger: Ledger,
    private readonly keys: BlastKeys,
    private readonly media: MediaStore,
  ) {}

  /** Those of `rows` that may get their message, in order; the others are told why not. */
  async ready(
    owner: Ownership,
    part: OpenPart,
    rows: readonly QueuedRow[],
    messenger: Messenger,
    memory: OutletMemory,
  ): Promise<ReadyMessage[]> {
    const reachable = await this.screen(owner, part, rows, messenger);
    if (reachable.length === 0) return [];
    const uploaded = part.media_id ? await this.upload(owner, part, part.media_id, messenger, memory) : null;
    if (part.media_id && !uploaded) return [];
    const key = { blastId: part.blast_id, wrappedKey: part.wrapped_key };
    const typed = this.keys.messageIfWhole(key, part.message);
    if (typed === null) {
      // It fails by itself, or no later blast of this outlet would ever get a turn.
      await this.ledger.moveMany('failed', 'UNREADABLE', ['queued'], 'r.blast_id = $6', [part.blast_id], owner);
      return [];
    }
    const made: ReadyMessage[] = [];
    const fresh: (ReadyMessage & { madeFrom: string | null; name: string | null })[] = [];
    for (const row of reachable) {
      const { seq, number } = row;
      const messageId = row.message_id ?? this.keys.messageId(part.blast_id, number);
      const base = { seq, number, isNew: !row.known, messageId };
      // What was made from a contact as it was before is made anew.
      const sealed = row.made_from === row.contact_digest ? row.content : null;
      if (sealed) {
        const content = readable(() => this.keys.readContent(key, seq, sealed));
        if (content) made.push({ ...base, content });
        else
          await this.ledger.record({
            blastId: part.blast_id,
            seq,
            to: 'failed',
            reason: 'UNREADABLE',
            from: ['queued'],
            owner,
          });
        continue;
      }
      // To one person everything is said as it stands.
      const said = part.kind === 'blast' ? renderMessage(typed, valuesOf(row, part)) : typed;
      if (isBlank(said) && !uploaded) {
        await this.ledger.record({ blastId: part.blast_id, seq, to: 'skipped', reason: 'EMPTY_MESSAGE', owner });
        continue;
      }
      const text = withWayOut(said, part.way_out);
      if (text.length > (uploaded ? CAPTION_MAX : MESSAGE_MAX)) {
        await this.ledger.record({ blastId: part.blast_id, seq, to: 'skipped', reason: 'TOO_LONG', owner });
        continue;
      }
      const message = { ...base, content: messenger.compose(text, uploaded) };
      made.push(message);
      fresh.push({ ...message, madeFrom: row.contact_digest, name: row.name });
    }
    const contents = fresh.map((message) => ({
      ...message,
      content: this.keys.sealContent(key, message.seq, message.content),
    }));
    const kept = contents.length > 0 ? await this.store.keepContents(owner, part.blast_id, contents) : null;
    const unkept = new Set(fresh.filter(({ seq }) => !kept?.has(seq)).map(({ seq }) => seq));
    const ready = made.filter(({ seq }) => !unkept.has(seq));
    // Whatever could not be learned ahead, the sending itself asks for.
    await messenger.prepare(ready.map(({ number }) => number)).catch(() => undefined);
    return ready;
  }

  private async screen(
    owner: Ownership,
    part: OpenPart,
    all: readonly QueuedRow[],
    messenger: Messenger,
  ): Promise<QueuedRow[]> {
    const rows = await this.sameNumber(owner, part, all);
    const unasked = rows.filter(({ exists, why_not }) => exists === null && !why_not).map(({ number }) => number);
    const found = unasked.length > 0 ? await messenger.onWhatsApp(unasked) : new Map<string, boolean>();
    if (found.size > 0) await this.store.rememberNumbers(found);
    const isReachable = (row: QueuedRow): boolean => !row.why_not && (row.exists ?? found.get(row.number) ?? true);
    await Promise.all(
      rows
        .filter((row) => !isReachable(row))
        .map(({ seq, why_not }) => {
          const reason = why_not ?? 'NOT_ON_WHATSAPP';
          return this.ledger.record({ blastId: part.blast_id, seq, to: 'skipped', reason, owner });
        }),
    );
    return rows.filter(isReachable);
  }

  /** Without those whose contact has another number now: they are read again with it, and judged by it. */
  private async sameNumber(owner: Ownership, part: OpenPart, rows: readonly QueuedRow[]): Promise<QueuedRow[]> {
    const same: QueuedRow[] = [];
    for (const row of rows) {
      const { seq, number, number_now, why_not } = row;
      if (why_not === 'CONTACT_DELETED' || why_not === 'LEFT_AUDIENCE' || number_now === null || number_now === number)
        same.push(row);
      else if (!(await this.store.renumber(owner, part.blast_id, seq, number_now)))
        await this.ledger.record({ blastId: part.blast_id, seq, to: 'skipped', reason: 'DUPLICATE', owner });
    }
    return same;
  }

  /** One upload serves all messages of an outlet. After some failures the part's messages fail instead of waiting for ever. */
  private async upload(
    owner: Ownership,
    part: OpenPart,
    mediaId: string,
    messenger: Messenger,
    memory: OutletMemory,
  ): Promise<Uint8Array | null> {
    const known = memory.uploads.get(mediaId);
    if (known) return known;
    try {
      const uploaded = await messenger.upload(await this.media.readToSend(mediaId));
      memory.uploads.set(mediaId, uploaded);
      memory.failedUploads = 0;
      return uploaded;
    } catch (error) {
      memory.failedUploads++;
      if (memory.failedUploads < MAX_FAILED_UPLOADS) throw error;
      memory.failedUploads = 0;
      await this.ledger.moveMany('failed', 'UPLOAD_FAILED', ['queued'], 'r.blast_id = $6', [part.blast_id], owner);
      return null;
    }
  }
}

/** `null` where a byte of it is not what was written. */
function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableSecret) return null;
    throw error;
  }
}

function valuesOf({ name, params }: QueuedRow, { outlet_name }: OpenPart): Record<string, string> {
  return { ...params, nama: name ?? '', outlet: outlet_name };
}
