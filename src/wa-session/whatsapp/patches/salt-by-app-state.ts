import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import { proto } from '@whiskeysockets/baileys';
import { bytesFields } from './wire-fields.js';

type Listener = (...parts: unknown[]) => unknown;
type TellSalt = (salt: Buffer) => void;

/** What the entry of the salt is called among an account's settings. */
const INDEX = JSON.stringify(['nct_salt_sync']);
/** `SyncActionData.value`, `SyncActionValue.nctSaltSyncAction`, `NctSaltSyncAction.salt`. */
const PATH = [2, 80, 1];

const listening = new AsyncLocalStorage<TellSalt>();
let installed = false;

/**
 * Tells the salt for tokens of first contacts whenever the account's app state brings another one. rc14 syncs and
 * decrypts that state (`Utils/chat-utils.js`), but its protocol files lack field 80, so what the phone took as a new salt
 * is dropped there (WhiskeySockets/Baileys#2438), and every first message after it carries a token that is refused.
 * Fields, index and what they mean are of tulir/whatsmeow (`appstate.go` `dispatchAppState`, `WAWebProtobufSyncAction.proto`).
 *
 * The decoding is one for all sockets of the process: whose it is tells the frame that it all began with. An entry that
 * holds no salt takes it away, which is told as an empty one. Install before the guard of frames.
 */
export function followSalt(ws: EventEmitter, tell: TellSalt): void {
  readSalts();
  const listeners = ws.rawListeners('message') as Listener[];
  ws.removeAllListeners('message');
  for (const listener of listeners)
    ws.on('message', (...parts: unknown[]): unknown => listening.run(tell, () => listener(...parts)));
}

function readSalts(): void {
  if (installed) return;
  installed = true;
  const { SyncActionData } = proto;
  const decode = SyncActionData.decode.bind(SyncActionData);
  SyncActionData.decode = (bytes, length) => {
    const action = decode(bytes, length);
    const tell = listening.getStore();
    const isSalt = bytes instanceof Uint8Array && Buffer.from(action.index ?? []).toString() === INDEX;
    const salt = tell && isSalt ? saltIn(bytes) : null;
    if (salt) tell?.(salt);
    return action;
  };
}

/** Empty where the entry holds none; `null` where that cannot be read, which is no reason to lose the other entries. */
function saltIn(action: Uint8Array): Buffer | null {
  let found = Buffer.from(action);
  try {
    for (const field of PATH) found = Buffer.from(bytesFields(found).get(field) ?? []);
  } catch {
    return null;
  }
  return found;
}
