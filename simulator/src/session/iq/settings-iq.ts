import type { Account, NewChatRules } from '../../accounts/account.js';
import { MEDIA_AUTH } from '../../media/media-host.js';
import { lockData, quotaData } from '../new-chats.js';
import { child, type Stanza, stanza } from '../../wire/stanza.js';
import type { PrivacyTokens } from '../privacy-tokens.js';
import { IqError } from './iq.js';

const PRIVACY_CATEGORIES = ['readreceipts', 'last', 'online', 'profile', 'status', 'groupadd', 'calladd', 'messages'];
/** Privacy tokens on 1:1 messages, on profile pictures, issued to LIDs: what Baileys reads of the props. */
const PROPS: Record<string, string> = { '10518': 'true', '9666': 'false', '14303': 'true' };

/** xmlns `abt`: server-side feature switches. */
export function answerProps(): Stanza {
  const props = Object.entries(PROPS).map(([code, value]) =>
    stanza('prop', { config_code: code, config_value: value }),
  );
  return stanza('props', { hash: 'simulator', refresh: '86400' }, props);
}

/** xmlns `privacy`: settings, and the tokens that prove two people know each other. */
export function answerPrivacy(request: Stanza, account: Account, tokens: PrivacyTokens): Stanza | undefined {
  const asked = child(request, 'tokens');
  if (asked) return tokens.issueAll(account, asked);
  if (request.attrs.type !== 'get') return undefined;
  return stanza(
    'privacy',
    {},
    PRIVACY_CATEGORIES.map((name) => stanza('category', { name, value: 'all' })),
  );
}

/** xmlns `blocklist`. */
export function answerBlocklist(): Stanza {
  return stanza('list');
}

/** xmlns `w:m`: media servers, of which there is one. */
export function answerMediaConnection(authority: string | null): Stanza {
  const host = stanza('host', { hostname: authority ?? 'media.invalid', maxContentLengthBytes: '104857600' });
  return stanza('media_conn', { auth: MEDIA_AUTH, ttl: '3600', auth_ttl: '3600', max_buckets: '12' }, [host]);
}

/** Which of the two rc14 asks for: that of the quota names the kind of message, that of the lock nothing. */
function askedFor(request: Stanza): 'lock' | 'quota' {
  const content = child(request, 'query')?.content;
  return content instanceof Uint8Array && Buffer.from(content).includes('"input"') ? 'quota' : 'lock';
}

/** Whether the answer to this waits until the phone lets it go. */
export const isAnswerHeld = (request: Stanza, { answers }: NewChatRules): boolean =>
  request.attrs.xmlns === 'w:mex' && answers?.[askedFor(request)] === 'held';

/** xmlns `w:mex`: GraphQL. Which paths a query id asks for is not told, so the two Baileys reads are always there. */
export function answerMex(request: Stanza, rules: NewChatRules, now: number): Stanza {
  if (rules.answers?.[askedFor(request)] === 'refused') throw new IqError('500', 'internal-server-error');
  const told = rules.isAnswered === false ? { lockedUntil: null, quota: null } : rules;
  const data = {
    xwa2_fetch_account_reachout_timelock: { time_enforcement_ends: '0', ...lockData(told, now) },
    xwa2_message_capping_info: quotaData(told),
  };
  return stanza('result', {}, Buffer.from(JSON.stringify({ data })));
}

/** xmlns `w:profile:picture`: nobody has one. */
export function answerProfilePicture(): Stanza {
  throw new IqError('404', 'item-not-found');
}

/** xmlns `w:g2`: no groups. */
export function answerGroups(request: Stanza): Stanza | undefined {
  return child(request, 'participating') && stanza('groups');
}
