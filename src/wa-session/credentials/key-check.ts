import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StartupFault } from '../../config/startup-fault.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { KeyEncryptionKey } from '../../common/envelope.js';
import { KeyHandover } from './key-handover.js';
import { COUNT_KEYS, type KeyCount } from './strange-keys.js';

/**
 * Refuses to start with a key that does not open all that there is. Started anyway, each outlet would need a new QR
 * for what one variable mends.
 */
@Injectable()
export class KeyCheck implements OnModuleInit {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly key: KeyEncryptionKey,
    private readonly handover: KeyHandover,
  ) {}

  /** @throws {StartupFault} */
  async onModuleInit(): Promise<void> {
    await this.handover.accept();
    if (await this.handover.isHalfDone()) {
      throw new StartupFault(
        'CREDENTIALS_KEY is the next key, but its rotation is half done. Start with the key before it once more, ' +
          'until the log says that all is done; nothing was changed.',
      );
    }
    const [count] = await this.dataSource.query<KeyCount[]>(COUNT_KEYS, [this.key.ids]);
    if (!count?.strange) return;
    throw new StartupFault(
      `CREDENTIALS_KEY is not the key that ${count.strange} of ${count.all} WhatsApp links, blasts, files, webhooks and second factors were ` +
        'encrypted with. Set the one that belongs to this database; nothing was changed.',
    );
  }
}
