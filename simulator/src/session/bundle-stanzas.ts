import type { KeyBundle } from '../accounts/phone-keys.js';
import { child, requiredBytes, type Stanza, stanza } from '../wire/stanza.js';

/** `id` is three bytes, big-endian. */
export function keyIdOf(key: Stanza): number {
  return requiredBytes(key, 'id', 3).readUIntBE(0, 3);
}

export function bundleStanzas(bundle: KeyBundle): Stanza[] {
  const { signedPreKey, preKey } = bundle;
  const registration = Buffer.alloc(4);
  registration.writeUInt32BE(bundle.registrationId);
  const content = [
    stanza('registration', {}, registration),
    stanza('type', {}, Buffer.of(5)),
    stanza('identity', {}, bundle.identity),
    stanza('skey', {}, [
      keyId(signedPreKey.id),
      stanza('value', {}, signedPreKey.public),
      stanza('signature', {}, signedPreKey.signature),
    ]),
  ];
  if (preKey) content.push(stanza('key', {}, [keyId(preKey.id), stanza('value', {}, preKey.public)]));
  return content;
}

function keyId(id: number): Stanza {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(id, 0, 3);
  return stanza('id', {}, bytes);
}

/** The bundle a retry receipt carries from the second attempt on. */
export function bundleFromReceipt(receipt: Stanza): KeyBundle | undefined {
  const keys = child(receipt, 'keys');
  const signed = child(keys, 'skey');
  if (!keys || !signed) return undefined;
  const preKey = child(keys, 'key');
  return {
    registrationId: requiredBytes(receipt, 'registration', 4).readUInt32BE(),
    identity: requiredBytes(keys, 'identity', 32),
    signedPreKey: {
      id: keyIdOf(signed),
      public: requiredBytes(signed, 'value', 32),
      signature: requiredBytes(signed, 'signature', 64),
    },
    ...(preKey && { preKey: { id: keyIdOf(preKey), public: requiredBytes(preKey, 'value', 32) } }),
  };
}
