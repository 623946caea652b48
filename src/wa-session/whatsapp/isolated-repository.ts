import { AsyncLocalStorage } from 'node:async_hooks';
import { DEFAULT_CONNECTION_CONFIG, type SocketConfig } from '@whiskeysockets/baileys';
import { withoutWaiting } from './session-auth.js';

/**
 * rc14 runs a whole send in one key transaction, and a Signal operation inside it takes neither its own lock nor
 * commits before the stanza is on the wire. Run in the context from before any transaction, each operation
 * does both: receive chains are not overwritten, and nothing is sent with a key that is not yet stored.
 *
 * A session that only begins is not waited for: until the first message is encrypted with it, and stored with that, it
 * can be asked for again.
 */
export const makeIsolatedRepository: SocketConfig['makeSignalRepository'] = (auth, logger, pnToLid) => {
  const outside = AsyncLocalStorage.snapshot();
  const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid);
  return new Proxy(repository, {
    get(target, name, receiver): unknown {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      const call = (...parts: unknown[]): unknown => (member as (...parts: unknown[]) => unknown).apply(target, parts);
      if (name === 'injectE2ESession')
        return (...parts: unknown[]): unknown => outside(() => withoutWaiting(() => call(...parts)));
      return (...parts: unknown[]): unknown => outside(() => call(...parts));
    },
  });
};
