import { BufferJSON, type AuthenticationCreds, type SignalKeyStore } from '@whiskeysockets/baileys';
import type { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock.js';
import type { Place } from '../connect-gate.js';
import { isLinkGone } from '../domain/close-cause.js';
import { answeredWell } from '../domain/connect-pace.js';
import { BaileysConnection } from './baileys-connection.js';
import type { WaVersion } from './wa-version.js';

interface LeaveTaking {
  /** The link that is left, by the id of its credentials. */
  link: string;
  outletId: string;
  creds: Buffer;
  webSocketUrl: string;
  keepAliveMs: number;
  version: WaVersion;
  clock: Clock;
  logger: Logger;
  place: Place;
  signal: AbortSignal;
}

/** The device is to be gone: what its keys were is of no use to anybody. */
const noKeys = (): SignalKeyStore => ({ get: () => ({}), set: () => undefined });

/** One login by credentials that were set aside, to remove their device. Whether it is gone from the phone. */
export async function takeLeave({ link, creds, place, signal, ...rest }: LeaveTaking): Promise<boolean> {
  const auth = {
    id: link,
    creds: JSON.parse(creds.toString(), BufferJSON.reviver) as AuthenticationCreds,
    keys: noKeys(),
    saveCreds: () => Promise.resolve(),
  };
  let connection: BaileysConnection | undefined;
  const gone = await new Promise<boolean>((resolve) => {
    signal.addEventListener('abort', () => resolve(false), { once: true });
    connection = new BaileysConnection({
      ...rest,
      number: 0,
      auth,
      groups: false,
      setAside: new Set(),
      emit: (event) => {
        if (event.type === 'opened') {
          place.answered(true);
          void connection?.unlink().then(resolve);
        }
        if (event.type !== 'closed') return;
        place.answered(answeredWell(event.cause));
        place.leave();
        // A device that WhatsApp does not know any more is gone.
        resolve(isLinkGone(event.cause));
      },
      onGreeted: () => place.leave(),
      onText: () => Promise.resolve(),
      findNumber: () => Promise.resolve(null),
      onLearned: () => Promise.resolve(),
      onLateAnswer: () => undefined,
      onReceipt: () => Promise.resolve(),
      onHistoriesGivenUp: () => undefined,
      findSent: () => Promise.resolve(null),
    });
  });
  place.leave();
  await connection?.close();
  return gone;
}
