import { AsyncLocalStorage } from 'node:async_hooks';
import type { WASocket } from '@whiskeysockets/baileys';
import type { NewChats } from '../domain/new-chats.js';
import { lockWord, quotaWord } from './new-chat-words.js';

interface NewsOptions {
  /** Milliseconds since the epoch. */
  wall: () => number;
  tell: (word: Partial<NewChats>) => void;
}

/**
 * What WhatsApp says of new chats, pushed or asked, each word as it comes. An answer is as old as its question: where
 * something was pushed meanwhile, that is newer.
 */
export class NewChatNews {
  /** How often each was pushed. */
  private readonly pushed = { lock: 0, quota: 0 };
  /** rc14 tells the answer about the lock where it tells pushes, within the call that asked: pushes of it until then. */
  private readonly asking = new AsyncLocalStorage<number>();

  constructor(
    private readonly socket: Pick<WASocket, 'ev' | 'fetchAccountReachoutTimelock' | 'fetchNewChatMessageCap'>,
    private readonly options: NewsOptions,
  ) {
    socket.ev.on('connection.update', ({ reachoutTimeLock }) => {
      if (!reachoutTimeLock) return;
      const asked = this.asking.getStore();
      if (asked === undefined) this.pushed.lock++;
      else if (asked !== this.pushed.lock) return;
      options.tell(lockWord(reachoutTimeLock, options.wall()));
    });
    socket.ev.on('message-capping.update', (info) => {
      this.pushed.quota++;
      options.tell(quotaWord(info));
    });
  }

  /**
   * Asks for both and tells what is answered. Some accounts get no answer to one of them.
   * @throws where one was not answered, once the other is told
   */
  async ask(): Promise<void> {
    const { lock } = this.pushed;
    const asked = await Promise.allSettled([
      this.asking.run(lock, () => this.socket.fetchAccountReachoutTimelock()),
      this.askQuota(),
    ]);
    for (const answer of asked) if (answer.status === 'rejected') throw answer.reason;
  }

  private async askQuota(): Promise<void> {
    const { quota } = this.pushed;
    const info = await this.socket.fetchNewChatMessageCap();
    if (quota === this.pushed.quota) this.options.tell(quotaWord(info));
  }
}
