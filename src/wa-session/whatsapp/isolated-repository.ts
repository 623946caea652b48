import { AsyncLocalStorage } from 'node:async_hooks';
import {
  DEFAULT_CONNECTION_CONFIG,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  type SocketConfig,
} from '@whiskeysockets/baileys';
import { withoutWaiting } from './session-auth.js';

type Asked = Parameters<SignalRepositoryWithLIDStore['decryptMessage']>[0];
type WhenDecrypted = (ciphertext: Uint8Array, plain: Uint8Array) => Promise<void>;

/**
 * rc14 runs a whole send in one key transaction, and a Signal operation inside it takes neither its own lock nor
 * commits before the stanza is on the wire. Run in the context from before any transaction, each operation
 * does both: receive chains are not overwritten, and nothing is sent with a key that is not yet stored.
 *
 * A session that only begins is not waited for: until the first message is encrypted with it, and stored with that, it
 * can be asked for again. That a message was read is kept only once `whenDecrypted` has settled.
 */
export const makeIsolatedRepository =
  (whenDecrypted: WhenDecrypted): SocketConfig['makeSignalRepository'] =>
  (auth, logger, pnToLid) => {
    const outside = AsyncLocalStorage.snapshot();
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid);
    const keys = auth.keys as SignalKeyStoreWithTransaction;
    const decrypt = async (asked: Asked): Promise<Uint8Array> => {
      const outcome = await keys.transaction(async () => {
        const [read] = await Promise.allSettled([repository.decryptMessage(asked)]);
        // What a failure learned on the way, such as a new identity, is kept all the same.
        if (read.status === 'fulfilled') await whenDecrypted(asked.ciphertext, read.value).catch(() => undefined);
        return read;
      }, asked.jid);
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    };
    return new Proxy(repository, {
      get(target, name, receiver): unknown {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        const call = (...parts: unknown[]): unknown =>
          (member as (...parts: unknown[]) => unknown).apply(target, parts);
        if (name === 'decryptMessage') return (asked: Asked): unknown => outside(() => decrypt(asked));
        if (name === 'injectE2ESession')
          return (...parts: unknown[]): unknown => outside(() => withoutWaiting(() => call(...parts)));
        return (...parts: unknown[]): unknown => outside(() => call(...parts));
      },
    });
  };
