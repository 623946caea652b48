// The tables that another room than their owner still names in its SQL, and why.

const EXISTS = 'The outlet must exist when the statement takes effect: asked before, it could be removed in between.';

export const BORROWED = [
  {
    reason: EXISTS,
    by: {
      'src/blast/asked-again.ts': ['outlets'],
      'src/blast/blast-control.ts': ['outlets'],
      'src/blast/blast-reader.ts': ['outlets'],
      'src/blast/blasts.service.ts': ['outlets'],
      'src/blast/ledger-sql.ts': ['outlets'],
      'src/blast/limits/limits.ts': ['outlets'],
      'src/blast/messages/confirmations.ts': ['outlets'],
      'src/blast/repeating/repeating-store.ts': ['outlets'],
      'src/blast/sending/blast-start.ts': ['outlets'],
      'src/blast/sending/send-store.ts': ['outlets'],
      'src/blast/sending/word-from-whatsapp.ts': ['outlets'],
      'src/consent/held-wishes.ts': ['outlets'],
      'src/consent/opt-outs.ts': ['outlets'],
      'src/consent/owed-confirmations.ts': ['outlets'],
      'src/wa-session/ownership.ts': ['outlets'],
    },
  },
  {
    reason: 'A command is a process of its own, with no room but the database.',
    by: { 'src/database/attach.ts': ['node'] },
  },
  {
    reason: 'What is free is decided in the statement that claims it.',
    by: { 'src/wa-session/ownership.ts': ['node'] },
  },
  {
    reason: 'Who owns an outlet is asked only while that owner lives, in the moment of the command.',
    by: { 'src/wa-session/desk/outlet-commands.ts': ['node'] },
  },
  {
    reason: 'What each node owns is counted in the moment in which its share is decided.',
    by: { 'src/cluster/roster.ts': ['wa_lease'] },
  },
  {
    reason: 'Row and settings of an outlet are read in one moment, for five thousand at a time.',
    by: { 'src/wa-session/outlet-rows.ts': ['outlets'] },
  },
  {
    reason:
      'Who is to get a message is decided in the statement that writes it down or lets it go: no wish comes too late.',
    by: {
      'src/blast/audience-sql.ts': ['contacts', 'held_wishes', 'opt_outs'],
      'src/blast/asked-again.ts': ['contacts', 'opt_outs'],
      'src/blast/audience.ts': ['contacts'],
      'src/blast/birthdays.ts': ['contacts', 'opt_outs'],
      'src/blast/ledger-sql.ts': ['contacts', 'held_wishes'],
      'src/blast/sending/send-store.ts': ['contacts', 'held_wishes'],
      'src/contacts/bin/contact-bin.ts': ['opt_outs'],
      'src/contacts/contact.view.ts': ['opt_outs'],
    },
  },
  {
    reason: 'What came from a name counts for the number behind it in the moment it is known.',
    by: {
      'src/blast/replies/reply-sql.ts': ['known_numbers'],
      'src/blast/replies/reply-words.ts': ['known_numbers'],
    },
  },
  {
    reason: 'The command is a process of its own, with no room but the database.',
    by: { 'src/key-rotation/rotate-key.ts': ['key_handover'] },
  },
  {
    reason: 'A backup is of everything, and knows what must not be in it.',
    by: {
      'src/backup/back-up.ts': ['key_handover'],
      'src/backup/restore.ts': ['blasts'],
      'src/backup/tables.ts': [
        'contact_imports',
        'idempotency_keys',
        'key_handover',
        'password_resets',
        'reconnect_links',
        'refresh_tokens',
        'sign_ins',
        'status_cursor',
        'status_retention',
        'wa_signal_key',
        'webhook_spool',
      ],
    },
  },
  {
    reason: 'Everything about one person, wherever it is kept, in one list that a reader can check.',
    by: {
      'src/personal-data/personal-data.ts': [
        'activity',
        'binned_contacts',
        'binned_outlet_rows',
        'binned_outlets',
        'blast_outlets',
        'blast_recipients',
        'blasts',
        'contact_imports',
        'contacts',
        'held_wishes',
        'idempotency_keys',
        'known_numbers',
        'opt_out_ledger',
        'outlet_chats',
        'outlets',
        'owed_confirmations',
        'pending_opt_outs',
        'pending_replies',
        'wa_signal_key',
        'whatsapp_numbers',
      ],
    },
  },
  {
    reason:
      'A change of the log and its deliveries are one statement, which moves the cursor: each is told once and none is lost.',
    by: {
      'src/webhooks/delivery-store.ts': ['outlet_status_change'],
      'src/webhooks/webhooks.service.ts': ['status_cursor'],
    },
  },
  {
    reason: 'A change of the log and the sums it is counted in are one transaction, which moves the cursor.',
    by: { 'src/uptime/uptime-book.ts': ['blast_settings', 'outlet_status_change', 'outlets'] },
  },
  {
    reason: 'The day of an outlet is that of its zone, a setting of blasts; read in the moment of its sums.',
    by: { 'src/uptime/uptime-sums.ts': ['blast_settings'] },
  },
  {
    reason: 'A process begins from the newest change of each outlet that is still there, in one statement.',
    by: { 'src/incidents/incident-store.ts': ['outlet_status_change', 'outlets'] },
  },
  {
    reason: 'A line of the log names what was acted on as it was called then, whatever room that lives in.',
    by: {
      'src/acts/subject-sql.ts': [
        'alert_rules',
        'api_keys',
        'binned_outlets',
        'blast_outlets',
        'blasts',
        'contacts',
        'incident',
        'incident_outlet',
        'node',
        'outlets',
        'reconnect_links',
        'repeating_blasts',
        'users',
        'webhook_deliveries',
        'webhooks',
      ],
    },
  },
  {
    reason: 'Written by the room below, which every route needs; read where callers are known.',
    by: { 'src/activity/activity-reader.ts': ['activity'] },
  },
  {
    reason: 'Counted when Prometheus asks.',
    by: { 'src/metrics/blast-metrics.ts': ['blast_outlets', 'blasts'] },
  },
  {
    reason: 'The lab plays the hand that edits a row.',
    by: { 'src/demo/demo-lab.ts': ['wa_session'] },
  },
  {
    reason: 'The week before the demo began leaves the rows that it would have left.',
    by: { 'src/demo/past/past-log.ts': ['wa_session'] },
  },

  // From a room above, which an import could not even reach: the next to go.
  {
    reason: `${EXISTS} The foreign key is this room's own.`,
    by: { 'src/auth/outlet-assignments.ts': ['outlets'] },
  },
  {
    reason:
      'A removal may be untold after a kill; what is left of such an outlet is forgotten all the same. Of one that was brought back it is not told.',
    by: { 'src/status-log/append-sql.ts': ['outlets'], 'src/status-log/status-retention.ts': ['outlets'] },
  },
  {
    reason:
      'What came from a name counts for the number behind it in the moment it is known. Numbers are learned by sessions, above consent.',
    by: { 'src/consent/pending-wishes.ts': ['known_numbers'] },
  },
  {
    reason: 'A caller bound to outlets sees the wishes of their own contacts, with their names, page by page.',
    by: {
      'src/consent/held-wishes.ts': ['contacts'],
      'src/consent/opt-out-list.ts': ['contacts'],
      'src/consent/staff-opt-outs.ts': ['contacts'],
    },
  },
  {
    reason: 'The night in which a link is kept warm is that of its outlet, whose zone is a setting of blasts.',
    by: { 'src/wa-session/link-care-store.ts': ['blast_settings'] },
  },
  {
    reason: 'Every data key that the master key wraps is counted at once, before a start and in a rotation.',
    by: {
      'src/wa-session/credentials/strange-keys.ts': [
        'blast_media',
        'blasts',
        'outlets',
        'push_keys',
        'push_subscriptions',
        'second_factors',
        'webhooks',
      ],
    },
  },
];
