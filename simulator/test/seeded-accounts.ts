import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Account } from '../src/accounts/account.js';
import { Device } from '../src/accounts/device.js';
import { PreKeyPool } from '../src/accounts/pre-key-pool.js';
import { generateKeyPair, type KeyPair } from '../src/crypto/curve.js';
import { keyPairRecord, recordOf } from '../src/storage/account-record.js';

/** Who a seeded companion is, and the key it logs in with. */
export interface SeededCompanion {
  number: string;
  noise: KeyPair;
}

/** Writes a data file with this many linked companions: a crowd without the cost of pairing it. */
export async function seedAccounts(dataFile: string, count: number): Promise<SeededCompanion[]> {
  const header = { format: 'whatsapp-simulator', version: 1, root: keyPairRecord(generateKeyPair()), unregistered: [] };
  const lines = [JSON.stringify(header)];
  const crowd: SeededCompanion[] = [];
  for (let index = 0; index < count; index++) {
    const number = `62870000${String(index).padStart(4, '0')}`;
    const noise = generateKeyPair();
    const account = new Account(
      number,
      `9${number}00`,
      { name: '', device: 'Pixel', platform: 'android', business: false },
      () => Date.now(),
    );
    const preKeys = new PreKeyPool();
    preKeys.add(Array.from({ length: 10 }, (_, id) => ({ id: id + 1, public: generateKeyPair().public })));
    const identity = generateKeyPair().public;
    const signedPreKey = { id: 1, public: generateKeyPair().public, signature: randomBytes(64) };
    const device = new Device(
      1,
      1,
      { noise: noise.public, identity, registrationId: 7, signedPreKey },
      Date.now(),
      { name: 'Seeded', platform: 'CHROME' },
      {
        preKeys,
      },
    );
    device.historyShared = true;
    account.link(device);
    account.lastIds = { device: 1, keyIndex: 1 };
    lines.push(JSON.stringify(recordOf(account)));
    crowd.push({ number, noise });
  }
  await writeFile(dataFile, `${lines.join('\n')}\n`);
  return crowd;
}
