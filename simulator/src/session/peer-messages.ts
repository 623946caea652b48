import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../accounts/account.js';
import type { Device } from '../accounts/device.js';

const { Type } = proto.Message.ProtocolMessage;

/** The key a companion reads and writes app state with: shared at the first login, and again whenever it asks. */
export function appStateKeyShare({ keys }: Account, device: Device): proto.IMessage {
  const { id, data, timestamp } = keys.appStateKey;
  const fingerprint = { rawId: 1, currentIndex: 1, deviceIndexes: [0, device.id] };
  return {
    protocolMessage: {
      type: Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: { keys: [{ keyId: { keyId: id }, keyData: { keyData: data, fingerprint, timestamp } }] },
    },
  };
}

/** Whether a companion asks its phone for that key; mautrix/whatsapp phoneping.go asks just to hear from the phone. */
export function asksForAppStateKey({ protocolMessage }: proto.IMessage): boolean {
  return protocolMessage?.type === Type.APP_STATE_SYNC_KEY_REQUEST;
}
