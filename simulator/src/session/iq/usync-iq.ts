import type { Account } from '../../accounts/account.js';
import type { Accounts } from '../../accounts/accounts.js';
import { child, children, MalformedStanza, type Stanza, stanza, textOf } from '../../wire/stanza.js';

/** xmlns `usync`: who is on WhatsApp, with which devices, under which LID. */
export function answerUsync(request: Stanza, accounts: Accounts): Stanza {
  const usync = child(request, 'usync');
  if (!usync) throw new MalformedStanza('a usync iq without <usync>');
  const protocols = children(child(usync, 'query')).map(({ tag }) => tag);
  const users = children(child(usync, 'list')).map((user) => answerUser(user, protocols, accounts));
  return stanza('usync', usync.attrs, [stanza('result'), stanza('list', {}, users)]);
}

function answerUser(user: Stanza, protocols: readonly string[], accounts: Accounts): Stanza {
  // A contact query names a phone number instead of a jid; its answer must carry the jid.
  const phone = textOf(child(user, 'contact'))?.replace(/\D/g, '');
  const account = phone ? accounts.find(phone) : accounts.findByJid(user.attrs.jid);
  const jid = user.attrs.jid ?? `${phone ?? ''}@s.whatsapp.net`;
  const answers = protocols.flatMap((protocol) => answerProtocol(protocol, account) ?? []);
  return stanza('user', { jid }, answers);
}

function answerProtocol(protocol: string, account: Account | undefined): Stanza | undefined {
  switch (protocol) {
    case 'contact':
      return stanza('contact', { type: account ? 'in' : 'out' });
    case 'devices':
      return account && stanza('devices', {}, [stanza('device-list', {}, deviceList(account))]);
    case 'lid':
      return account && stanza('lid', { val: account.lidJid });
    case 'status':
      return stanza('status', { t: '0' }, Buffer.from(''));
    case 'disappearing_mode':
      return stanza('disappearing_mode', { duration: '0', t: '0' });
    default:
      return undefined;
  }
}

/** A companion without its key-index is ignored by clients. */
function deviceList(account: Account): Stanza[] {
  const companions = [...account.devices.values()].map(({ id, keyIndex }) =>
    stanza('device', { id: id.toString(), 'key-index': keyIndex.toString() }),
  );
  return [stanza('device', { id: '0' }), ...companions];
}
