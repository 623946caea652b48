import type { Stanza } from '../../wire/stanza.js';
import type { KeyDesk } from '../key-desk.js';
import type { PrivacyTokens } from '../privacy-tokens.js';
import type { ServiceContext } from '../service-context.js';
import { answerAppState } from './app-state-iq.js';
import { EncryptIqs } from './encrypt-iq.js';
import type { IqHandler } from './iq.js';
import {
  answerBlocklist,
  answerGroups,
  answerMediaConnection,
  answerMex,
  answerPrivacy,
  answerProfilePicture,
  answerProps,
} from './settings-iq.js';
import { answerUsync } from './usync-iq.js';

const nothing = (): undefined => undefined;

/** Who answers which xmlns. What is not listed gets an empty result, which keeps Baileys quiet. */
export function iqHandlers(
  context: ServiceContext,
  desk: KeyDesk,
  tokens: PrivacyTokens,
): ReadonlyMap<string, IqHandler> {
  const encrypt = new EncryptIqs(desk);
  return new Map<string, IqHandler>([
    ['encrypt', (request, asker) => encrypt.answer(request, asker)],
    ['usync', (request) => answerUsync(request, context.accounts)],
    [
      'w:sync:app:state',
      (request, { account }): Stanza => {
        context.changed(account);
        return answerAppState(request, account);
      },
    ],
    [
      'w:p',
      () => {
        context.counters.add('pings');
        return undefined;
      },
    ],
    ['abt', answerProps],
    ['privacy', (request, { account }) => answerPrivacy(request, account, tokens)],
    ['blocklist', answerBlocklist],
    ['w:m', () => answerMediaConnection(context.media.authority)],
    ['w:mex', (request, { account }) => answerMex(request, account.newChats, context.clock.now())],
    ['w:profile:picture', answerProfilePicture],
    ['w:g2', answerGroups],
    ['passive', nothing],
    ['urn:xmpp:whatsapp:dirty', nothing],
  ]);
}
