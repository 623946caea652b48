import type { Logger } from '@nestjs/common';
import type { SocketConfig } from '@whiskeysockets/baileys';

type ILogger = SocketConfig['logger'];

const nothing = (): void => undefined;

/**
 * Errors only, and of those only the fixed sentence: Baileys' objects carry JIDs, nodes and key material.
 * Endings are reported once by the session itself, so the stream error line is not repeated here.
 */
export function baileysLog(logger: Logger): ILogger {
  const log: ILogger = {
    level: 'error',
    child: () => log,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (subject, message) => {
      const sentence = message ?? (typeof subject === 'string' ? subject : 'unnamed error');
      if (!sentence.startsWith('stream errored out')) logger.debug(`[Baileys Error] ${sentence.slice(0, 120)}`);
    },
  };
  return log;
}
