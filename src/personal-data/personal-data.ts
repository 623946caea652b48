import type { ErasedCustomer, PersonalDataFile } from '@koneksi/contracts/personal-data';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { ReplyWords } from '../blast/replies/reply-words.js';
import { Clock } from '../common/clock.js';
import { OptOuts } from '../consent/opt-outs.js';

/**
 * Signal keys are named by whose they are, by number or by any other name of theirs: `62811.0`, `991_1.0`, `991@lid`,
 * `991_reverse`, and behind a group or the statuses `status@broadcast::991_1::0`. Pre-keys are numbers of our own.
 */
const ERASE_KEYS = `
  DELETE FROM wa_signal_key WHERE kind <> 'pre-key' AND key_id ~ (
    SELECT '(^|::)(' || string_agg(name, '|') || ')(_[0-9]+)?([^0-9_]|_reverse|$)' FROM (
      SELECT $1::text AS name UNION SELECT split_part(alias, '@', 1) FROM known_numbers WHERE number = $1) AS known
    WHERE name ~ '^[0-9]+$')`;

/**
 * Where something about a customer is kept, how it is told, and how it is erased; `$1` is the number. What a blast came to
 * stays as a count: its line loses number, name, fields and text.
 */
const PLACES: readonly { about: string; read: string | null; erase: string }[] = [
  {
    about: 'contacts',
    read: `SELECT o.name AS outlet, c.name, c.number, c.fields, c.tags, c.created_at, c.updated_at
           FROM contacts c JOIN outlets o ON o.id = c.outlet_id WHERE c.number = $1 ORDER BY c.created_at`,
    erase: 'DELETE FROM contacts WHERE number = $1',
  },
  {
    about: 'binnedContacts',
    read: `SELECT b.name, b.number, b.fields, b.tags, b.created_at, b.removed_at FROM binned_contacts b
           WHERE b.number = $1 ORDER BY b.removed_at`,
    erase: 'DELETE FROM binned_contacts WHERE number = $1',
  },
  {
    about: 'messages',
    read: `SELECT o.outlet_name AS outlet, r.name, r.params, r.status, r.reason, r.sent_at, r.delivered_at, r.read_at, r.replied_at
           FROM blast_recipients r JOIN blast_outlets o ON o.blast_id = r.blast_id AND o.outlet_id = r.outlet_id
           WHERE r.number = $1 ORDER BY r.blast_id`,
    erase: `UPDATE blast_recipients SET number = 'erased ' || gen_random_uuid(), name = NULL, params = '{}',
              content = NULL, contact_id = NULL, made_from = NULL,
              status = CASE WHEN status = 'queued' THEN 'skipped' ELSE status END,
              reason = CASE WHEN status = 'queued' THEN 'OPTED_OUT' ELSE reason END
            WHERE number = $1`,
  },
  {
    about: 'audiences',
    read: null,
    erase: `UPDATE blasts SET audience = jsonb_set(audience, '{phones}', coalesce((
              SELECT jsonb_agg(p) FROM jsonb_array_elements_text(audience -> 'phones') AS p
              WHERE right(regexp_replace(p, '[^0-9]', '', 'g'), 8) <> right($1, 8)), '[]'))
            WHERE jsonb_typeof(audience -> 'phones') = 'array' AND EXISTS (
              SELECT FROM jsonb_array_elements_text(audience -> 'phones') AS p
              WHERE right(regexp_replace(p, '[^0-9]', '', 'g'), 8) = right($1, 8))`,
  },
  {
    about: 'chats',
    read: 'SELECT o.name AS outlet FROM outlet_chats h JOIN outlets o ON o.id = h.outlet_id WHERE h.number = $1',
    erase: 'DELETE FROM outlet_chats WHERE number = $1',
  },
  {
    about: 'binnedChats',
    read: null,
    erase: `DELETE FROM binned_outlet_rows WHERE row ->> 'number' = $1`,
  },
  {
    about: 'onWhatsapp',
    read: 'SELECT exists, checked_at FROM whatsapp_numbers WHERE number = $1',
    erase: 'DELETE FROM whatsapp_numbers WHERE number = $1',
  },
  {
    about: 'heldWishes',
    read: 'SELECT outlet_name AS outlet, words, at FROM held_wishes WHERE number = $1',
    erase: 'DELETE FROM held_wishes WHERE number = $1',
  },
  {
    about: 'owedConfirmations',
    read: null,
    erase: 'DELETE FROM owed_confirmations WHERE number = $1',
  },
  {
    about: 'pendingWishes',
    read: null,
    erase: 'DELETE FROM pending_opt_outs WHERE alias IN (SELECT alias FROM known_numbers WHERE number = $1)',
  },
  {
    about: 'pendingReplies',
    read: null,
    erase: 'DELETE FROM pending_replies WHERE alias IN (SELECT alias FROM known_numbers WHERE number = $1)',
  },
  {
    about: 'keys',
    read: null,
    erase: ERASE_KEYS,
  },
  // Last of what is found by them.
  {
    about: 'aliases',
    read: 'SELECT alias, learned_at FROM known_numbers WHERE number = $1',
    erase: 'DELETE FROM known_numbers WHERE number = $1',
  },
  {
    about: 'activity',
    read: `SELECT at, action, actor_name AS by, changes FROM activity WHERE people @> ARRAY[$1::text] ORDER BY id`,
    erase: `UPDATE activity SET subject_name = NULL, changes = '[]', people = '{}' WHERE people @> ARRAY[$1::text]`,
  },
  // What was answered to who sent a key, sealed: forgotten within the day. What was done stays done once.
  {
    about: 'answers',
    read: null,
    erase: `UPDATE idempotency_keys SET answer = NULL
            WHERE $1 <> '' AND answer IS NOT NULL AND route ~ 'contact|import|opt-out|wish|customer|preview'`,
  },
  // A file may hold anyone, in any form; it would be forgotten within the hour, and is uploaded again.
  { about: 'uploads', read: null, erase: 'DELETE FROM contact_imports WHERE $1 <> $$$$' },
];

/**
 * Held from the beginning, or what is moved into the bin or out of it meanwhile would be found at neither place: an outlet
 * with its rows, and contacts by themselves. In the order in which those who move them hold them.
 */
const HOLD: readonly string[] = [
  `SELECT FROM outlets WHERE id IN (
     SELECT outlet_id FROM contacts WHERE number = $1 UNION SELECT outlet_id FROM outlet_chats WHERE number = $1)
   ORDER BY id FOR KEY SHARE`,
  `SELECT FROM binned_outlets WHERE id IN (
     SELECT outlet_id FROM binned_contacts WHERE number = $1
     UNION SELECT outlet_id FROM binned_outlet_rows WHERE row ->> 'number' = $1)
   ORDER BY id FOR UPDATE`,
  'SELECT FROM binned_contacts WHERE number = $1 ORDER BY id FOR UPDATE',
];

const CONSENT = `SELECT action, means, at, outlet_name AS outlet, keyword, note FROM opt_out_ledger WHERE number = $1 ORDER BY id`;

/** What is known of one customer, over all outlets; and its end. */
@Injectable()
export class PersonalData {
  constructor(
    private readonly dataSource: DataSource,
    private readonly optOuts: OptOuts,
    private readonly words: ReplyWords,
    private readonly clock: Clock,
  ) {}

  async of(phone: string): Promise<PersonalDataFile> {
    const about: PersonalDataFile['about'] = {};
    for (const { about: name, read } of PLACES) if (read) about[name] = await this.dataSource.query(read, [phone]);
    about.replies = (await this.words.ofNumber(phone)).map((reply) => ({ ...reply, at: reply.at.toISOString() }));
    about.consent = await this.dataSource.query(CONSENT, [phone]);
    return { phone, at: new Date(this.clock.wall()).toISOString(), about };
  }

  /** In one transaction. The number stays among those that must not be written to, or the next file would bring it back. */
  async erase(caller: Caller, phone: string): Promise<ErasedCustomer> {
    await this.optOuts.recordByHand(phone, caller, null, null);
    const erased = await this.dataSource.transaction((manager) => this.eraseAll(manager, phone));
    return { phone, erased };
  }

  private async eraseAll(manager: EntityManager, phone: string): Promise<Record<string, number>> {
    for (const hold of HOLD) await manager.query(hold, [phone]);
    const erased: Record<string, number> = {};
    // While it can be told whose they are.
    const replies = await this.words.erase(manager, phone);
    if (replies > 0) erased.replies = replies;
    for (const { about, erase } of PLACES) {
      const [, count] = await manager.query<[unknown, number]>(erase, [phone]);
      if (count > 0) erased[about] = count;
    }
    // What people wrote about the customer beside the fact itself.
    await manager.query(`SELECT set_config('koneksi.erases', $1, true)`, [phone]);
    await manager.query('UPDATE opt_out_ledger SET note = $2 WHERE number = $1 AND note IS NOT NULL', [phone, '-']);
    await manager.query(`SELECT set_config('koneksi.erases', '', true)`);
    return erased;
  }
}
