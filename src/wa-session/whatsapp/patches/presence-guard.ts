import type { AuthenticationCreds, BaileysEventEmitter, BaileysEventMap } from '@whiskeysockets/baileys';

/**
 * Keeps rc14 from saying anything of the account's presence; what there is to say we say. At every `creds.update` whose
 * name differs from the stored one, thus also at each that has no `me` at all, it sends a `<presence>` without a type.
 * WhatsApp takes that for available, and the shop's phone rings no more (WhiskeySockets/Baileys#893, #2553, #2740). And
 * after a login it says `unavailable` only where it knows a name.
 *
 * A stanza cannot be taken back once it is encrypted, for the counter has moved on; so what makes Baileys write one is
 * kept from it. Install right after the socket was made.
 */
export function guardPresence(ev: BaileysEventEmitter, creds: AuthenticationCreds): void {
  const emit = ev.emit.bind(ev);
  let withName: AuthenticationCreds['me'];
  const restoreName = (): void => {
    if (withName) creds.me = withName;
    withName = undefined;
  };
  ev.emit = (event, data) => {
    if (event === 'creds.update') return emit(event, withoutNews(data as Partial<AuthenticationCreds>, creds) as never);
    const isOpen =
      event === 'connection.update' && (data as BaileysEventMap['connection.update']).connection === 'open';
    if (!isOpen) return emit(event, data);
    // Nameless it says nothing at open. Its listeners come first, then ours; those after ours see the name again.
    withName = creds.me;
    if (creds.me) creds.me = { ...creds.me, name: undefined };
    try {
      return emit(event, data);
    } finally {
      restoreName();
    }
  };
  ev.on('connection.update', restoreName);
}

/** The same update, in which the name is never another than the one that is stored. */
function withoutNews(update: Partial<AuthenticationCreds>, creds: AuthenticationCreds): Partial<AuthenticationCreds> {
  if (update.me) creds.me = update.me;
  return creds.me ? { ...update, me: creds.me } : update;
}
