import { AsyncLocalStorage } from 'node:async_hooks';
import { DEFAULT_CONNECTION_CONFIG, type SocketConfig } from '@whiskeysockets/baileys';

/**
 * rc14 runs a whole send in one key transaction, and a Signal operation inside it takes neither its own lock nor
 * commits before the stanza is on the wire. Run in the context from before any transaction, each operation
 * does both: receive chains are not overwritten, and nothing is sent with a key that is not yet stored.
 */
export const makeIsolatedRepository: SocketConfig['makeSignalRepository'] = (auth, logger, pnToLid) => {
  const outside = AsyncLocalStorage.snapshot();
  const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid);
  return new Proxy(repository, {
    get(target, name, receiver): unknown {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...parts: unknown[]): unknown =>
        outside(() => (member as (...parts: unknown[]) => unknown).apply(target, parts));
    },
  });
};
