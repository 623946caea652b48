import { AsyncLocalStorage } from 'node:async_hooks';
import {
  DEFAULT_CONNECTION_CONFIG,
  isLidUser,
  jidDecode,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  type SocketConfig,
} from '@whiskeysockets/baileys';
import { withoutWaiting } from '../session-auth.js';
import { boundLidCache } from './lean-cache.js';

type Repository = SignalRepositoryWithLIDStore;
/**
 * Settles once what follows from a message is recorded; `plain` is `null` where it could not be read, for that failure.
 * Answers what Baileys is to get in its stead, or `null` to let it be. Where it rejects nothing was read: no key moves.
 */
type WhenTried = (ciphertext: Uint8Array, plain: Uint8Array | null, failure?: unknown) => Promise<Uint8Array | null>;

/**
 * rc14 runs a whole send in one key transaction, and a Signal operation inside it takes neither its own lock nor
 * commits before the stanza is on the wire. Run in the context from before any transaction, each operation
 * does both: receive chains are not overwritten, and nothing is sent with a key that is not yet stored.
 *
 * It also locks by address, while a person's number and LID lead to one and the same session: an answer to the number
 * and a message from the LID would overwrite each other's keys. Here both take the lock of the number.
 *
 * A session that only begins is not waited for: until the first message is encrypted with it, and stored with that, it
 * can be asked for again. That a message was read is kept only once `whenTried` has settled.
 */
export const makeIsolatedRepository =
  (whenTried: WhenTried): Required<SocketConfig>['makeSignalRepository'] =>
  (auth, logger, pnToLid) => {
    const outside = AsyncLocalStorage.snapshot();
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, pnToLid);
    boundLidCache(repository.lidMapping);
    const keys = auth.keys as SignalKeyStoreWithTransaction;

    const alone = async <T>(jid: string, work: () => Promise<T>): Promise<T> => {
      const lock = await sessionOf(jid, repository);
      return keys.transaction(work, lock);
    };
    const decrypt: Repository['decryptMessage'] = async (asked) => {
      const outcome = await alone(asked.jid, async () => {
        const [read] = await Promise.allSettled([repository.decryptMessage(asked)]);
        // What a failure learned on the way, such as a new identity, is kept all the same.
        if (read.status === 'rejected') await whenTried(asked.ciphertext, null, read.reason).catch(() => null);
        const instead = read.status === 'fulfilled' && (await whenTried(asked.ciphertext, read.value));
        return instead ? { ...read, value: instead } : read;
      });
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    };
    /** Of groups nobody records anything: it is only seen that the message was taken up. */
    const decryptOfGroup: Repository['decryptGroupMessage'] = async (asked) => {
      const [read] = await Promise.allSettled([repository.decryptGroupMessage(asked)]);
      await whenTried(asked.msg, read.status === 'fulfilled' ? read.value : null).catch(() => null);
      if (read.status === 'rejected') throw read.reason;
      return read.value;
    };
    const isolated: Partial<Repository> = {
      decryptGroupMessage: (asked) => outside(() => decryptOfGroup(asked)),
      decryptMessage: (asked) => outside(() => decrypt(asked)),
      encryptMessage: (asked) => outside(() => alone(asked.jid, () => repository.encryptMessage(asked))),
      injectE2ESession: (asked) =>
        outside(() => withoutWaiting(() => alone(asked.jid, () => repository.injectE2ESession(asked)))),
      migrateSession: (from, to) => outside(() => alone(from, () => repository.migrateSession(from, to))),
    };
    return new Proxy(repository, {
      get(target, name, receiver): unknown {
        const own: unknown = Reflect.get(isolated, name);
        if (own) return own;
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return (...parts: unknown[]): unknown =>
          outside(() => (member as (...parts: unknown[]) => unknown).apply(target, parts));
      },
    });
  };

/** Which session an address leads to: the device of a number, or of a LID whose number nobody has told. */
async function sessionOf(jid: string, { lidMapping }: Repository): Promise<string> {
  const number = isLidUser(jid) ? await lidMapping.getPNForLID(jid) : jid;
  const { user, server, device } = jidDecode(number ?? jid) ?? {};
  return `${user}@${server}:${device ?? 0}`;
}
