import { type Body, flag, numeric, only, optionalNumber, text, unknownPath, word } from './control-request.js';
import type { NewChatRules, Phone, ReceivedMessage } from './phone/phone.js';
import type { Simulator } from './simulator-api.js';

type Answer = (phone: Phone, body: Body) => unknown;

/** What can be asked of a phone at `/sim/phones/NUMBER/ACTION`. */
const READ: Record<string, Answer> = {
  inbox: (phone) => ({ inbox: phone.inbox.map(messageView), sent: phone.sent }),
  history: ({ historyFiles }) => ({ files: historyFiles }),
  presences: ({ presences, notifications }) => ({ presences, notifications }),
};

/** What a phone can be told to do there. What returns nothing is answered with the phone. */
const DO: Record<string, Answer> = {
  scan: (phone, body) => phone.scan(text(body, 'qr')),
  code: (phone, body) => phone.enterCode(text(body, 'code')),
  unlink: (phone, body) => phone.unlink(optionalNumber(body, 'device')),
  online: (phone, body) => phone.setOnline(flag(body, 'online')),
  history: (phone, body) => {
    phone.history = {
      conversations: numeric(body, 'conversations'),
      messages: numeric(body, 'messages'),
      ...(body.inline !== undefined && { inline: flag(body, 'inline') }),
    };
  },
  'new-phone': (phone) => phone.moveToNewPhone(),
  'registered-anew': (phone) => phone.moveToNewPhone('406'),
  'new-chats': (phone, body) => phone.pushNewChats(newChatRules(body)),
  status: (phone, body) => phone.postUnreadableStatus(text(body, 'to')),
  group: (phone, body) => phone.sendToGroup(text(body, 'group'), text(body, 'to'), text(body, 'text')),
  undecryptable: (phone, body) =>
    phone.postUndecryptable(text(body, 'to'), word(body, 'kind', ['bot', 'bot-answer', 'group', 'unknown'])),
  'nct-salt': (phone) => phone.renewNctSalt(),
  token: (phone, body) => phone.issueToken(text(body, 'to')),
  'passkey-assertion': (phone, body) => ({
    assertion: phone.assertPasskey(text(body, 'options'), body.origin === undefined ? undefined : text(body, 'origin')),
  }),
  messages: (phone, body) =>
    phone.send(text(body, 'to'), text(body, 'text'), body.quotes === undefined ? {} : { quotes: text(body, 'quotes') }),
};

/** Answers a request about one phone. Throws RequestError for a path or method that is not there. */
export async function controlPhone(method: string, phone: Phone, action: string, body: Body): Promise<unknown> {
  const read = Object.hasOwn(READ, action) ? READ[action] : undefined;
  const act = Object.hasOwn(DO, action) ? DO[action] : undefined;
  if (!read && !act) throw unknownPath();
  if (read && (method === 'GET' || !act)) {
    only(method, 'GET');
    return read(phone, body);
  }
  only(method, 'POST');
  return (await act?.(phone, body)) ?? phoneView(phone);
}

function newChatRules(body: Body): Partial<NewChatRules> {
  const { lockedUntil, quota } = body;
  const rules: Partial<NewChatRules> = {};
  if (lockedUntil !== undefined) rules.lockedUntil = lockedUntil === null ? null : numeric(body, 'lockedUntil');
  if (quota === null) rules.quota = null;
  else if (quota !== undefined) {
    const counted = quota as Body;
    rules.quota = {
      used: numeric(counted, 'used'),
      total: numeric(counted, 'total'),
      endsAt: numeric(counted, 'endsAt'),
    };
  }
  if (body.enforcementType !== undefined) rules.enforcementType = text(body, 'enforcementType');
  if (body.tellsEnd !== undefined) rules.tellsEnd = flag(body, 'tellsEnd');
  if (body.isAnswered !== undefined) rules.isAnswered = flag(body, 'isAnswered');
  return rules;
}

const SETTINGS: Record<string, (phone: Phone, body: Body) => void> = {
  demandsPasskey: (phone, body) => (phone.demandsPasskey = flag(body, 'demandsPasskey')),
  hidesNumber: (phone, body) => (phone.hidesNumber = flag(body, 'hidesNumber')),
  demandsTokens: (phone, body) => (phone.demandsTokens = flag(body, 'demandsTokens')),
  confirmsCopies: (phone, body) => (phone.confirmsCopies = flag(body, 'confirmsCopies')),
  receipts: (phone, body) => (phone.receipts = word(body, 'receipts', ['none', 'delivered', 'read'])),
  addressing: (phone, body) => (phone.addressing = word(body, 'addressing', ['pn', 'lid'])),
};

/** Makes a phone, or changes what a known one is given. */
export function createPhone(simulator: Simulator, body: Body): unknown {
  const profile: Parameters<Simulator['phone']>[1] = {};
  if (body.name !== undefined) profile.name = text(body, 'name');
  if (body.device !== undefined) profile.device = text(body, 'device');
  if (body.business !== undefined) profile.business = flag(body, 'business');
  if (body.platform !== undefined) profile.platform = word(body, 'platform', ['android', 'iphone']);
  const phone = simulator.phone(text(body, 'number'), profile);
  for (const [name, set] of Object.entries(SETTINGS)) if (body[name] !== undefined) set(phone, body);
  return phoneView(phone);
}

/** Lets time pass: `{"advanceMs": N}`. */
export function advanceClock(simulator: Simulator, body: Body): unknown {
  simulator.advance(numeric(body, 'advanceMs'));
  return { now: simulator.now() };
}

export function phoneView(phone: Phone): unknown {
  const { number, lid, name, device, platform, business, online, lastSeenAt } = phone;
  const { devices, receipts, addressing, hidesNumber, demandsTokens, newChats, notifications, faults } = phone;
  const person = { number, lid, name, device, platform, business, online, lastSeenAt };
  const settings = { receipts, addressing, hidesNumber, demandsTokens, demandsPasskey: phone.demandsPasskey, newChats };
  return { ...person, devices, ...settings, notifications, faults: faults.active() };
}

/** What a file holds is not for JSON. */
function messageView({ file, ...message }: ReceivedMessage): unknown {
  return {
    ...message,
    file: file && {
      ...file,
      content: undefined,
      bytes: file.content.length,
      film: file.film && { ...file.film, thumbnail: undefined },
    },
  };
}
