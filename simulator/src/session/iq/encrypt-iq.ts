import type { PublicPreKey } from '../../accounts/pre-key-pool.js';
import { isSignedBy } from '../../crypto/xeddsa.js';
import { signalKey } from '../../crypto/curve.js';
import { child, children, requiredBytes, type Stanza, stanza } from '../../wire/stanza.js';
import { bundleStanzas, keyIdOf } from '../bundle-stanzas.js';
import type { KeyDesk } from '../key-desk.js';
import { type Asker, errorChild, IqError } from './iq.js';

/** xmlns `encrypt`: the key server. */
export class EncryptIqs {
  constructor(private readonly desk: KeyDesk) {}

  answer(request: Stanza, asker: Asker): Stanza | undefined {
    if (request.attrs.type === 'set') return this.store(request, asker);
    if (child(request, 'count')) return stanza('count', { value: asker.device.preKeys.count.toString() });
    if (child(request, 'digest')) return stanza('digest');
    const wanted = child(request, 'key');
    return (
      wanted &&
      stanza(
        'list',
        {},
        children(wanted).map((user) => this.bundleOf(user.attrs.jid)),
      )
    );
  }

  private store(request: Stanza, { account, device }: Asker): undefined {
    const rotation = child(request, 'rotate');
    const signed = child(rotation ?? request, 'skey');
    if (signed) {
      const signedPreKey = {
        id: keyIdOf(signed),
        public: requiredBytes(signed, 'value', 32),
        signature: requiredBytes(signed, 'signature', 64),
      };
      const known = device.keys.signedPreKey;
      const same = known.public.equals(signedPreKey.public) && known.signature.equals(signedPreKey.signature);
      if (!same && !isSignedBy(device.keys.identity, signalKey(signedPreKey.public), signedPreKey.signature))
        throw new IqError('406', 'the signed pre-key is not signed by the identity');
      device.keys.signedPreKey = signedPreKey;
    }
    const keys: PublicPreKey[] = children(child(request, 'list')).map((key) => ({
      id: keyIdOf(key),
      public: requiredBytes(key, 'value', 32),
    }));
    if (keys.length > 0) this.desk.upload(account, device, keys);
  }

  private bundleOf(jid: string | undefined): Stanza {
    const owner = this.desk.bundle(jid);
    const attrs = { jid };
    return owner
      ? stanza('user', attrs, bundleStanzas(owner))
      : stanza('user', attrs, [errorChild(new IqError('404', 'item-not-found'))]);
  }
}
