import { AsyncLocalStorage } from 'node:async_hooks';

interface Leaving {
  ask: (() => Promise<void>) | null;
}

const leaving = new AsyncLocalStorage<Leaving>();

/** Runs Baileys' sending of one message, which asks once it is encrypted and goes on when allowed. */
export function askingBeforeTheWire<T>(ask: () => Promise<void>, send: () => Promise<T>): Promise<T> {
  return leaving.run({ ask }, send);
}

/** Whether Baileys is sending one of our messages right now, in this very context. */
export const isSending = (): boolean => leaving.getStore() !== undefined;

/**
 * Every read of Signal keys comes by here. rc14 reads the recipient's token when all copies are encrypted and their
 * keys stored; nothing but the writing of the stanza follows. @throws where the message may not leave
 */
export async function atKeyRead(kind: string): Promise<void> {
  const message = leaving.getStore();
  if (kind !== 'tctoken' || !message?.ask) return;
  const { ask } = message;
  message.ask = null;
  await ask();
}
