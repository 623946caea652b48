import { open, readFile, rename } from 'node:fs/promises';
import type { Account } from '../accounts/account.js';
import type { CertificateKeys } from '../certificates.js';
import { SimulatorError } from '../simulator-error.js';
import {
  type AccountRecord,
  accountOf,
  keyPairOf,
  type KeyPairRecord,
  keyPairRecord,
  recordOf,
} from './account-record.js';

const FORMAT = 'whatsapp-simulator';
const VERSION = 1;
const DEBOUNCE_MS = 500;
/** It holds private keys. */
const OWNER_ONLY = 0o600;

interface Header {
  format: string;
  version: number;
  root: KeyPairRecord;
  unregistered: string[];
}

export interface StoredState {
  certificateKeys: CertificateKeys;
  unregistered: string[];
  accounts: Account[];
}

/**
 * Reads a data file: a header line, then a line of JSON per account. Undefined when there is none.
 * Rejects with DATA_FILE_UNREADABLE when there is something else, rather than overwrite it.
 */
export async function readDataFile(path: string, now: () => number): Promise<StoredState | undefined> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new SimulatorError('DATA_FILE_UNREADABLE', `Cannot read ${path} (${error.code ?? error.message}).`);
  });
  if (content === undefined) return undefined;
  try {
    const [first = '', ...lines] = content.trimEnd().split('\n');
    const header = JSON.parse(first) as Header;
    if (header.format !== FORMAT || header.version !== VERSION) throw new Error('another format');
    return {
      certificateKeys: { root: keyPairOf(header.root) },
      unregistered: header.unregistered,
      accounts: lines.map((line) => accountOf(JSON.parse(line) as AccountRecord, now)),
    };
  } catch {
    throw new SimulatorError(
      'DATA_FILE_UNREADABLE',
      `${path} is not a data file of this simulator; move it away or name another.`,
    );
  }
}

/**
 * Keeps a data file up to date: whole and atomically, by writing beside it and renaming. Only accounts
 * that changed are serialized again, so that a thousand idle ones cost a write but no work.
 */
export class DataFile {
  private readonly lines = new Map<Account, string>();
  private readonly changedAccounts = new Set<Account>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly certificateKeys: CertificateKeys,
    private readonly unregistered: () => string[],
  ) {}

  /** Belongs to the file, but is no reason to write it. */
  include(account: Account): void {
    this.changedAccounts.add(account);
  }

  /** Will be written within half a second. */
  changed(account: Account): void {
    this.changedAccounts.add(account);
    if (!this.closed)
      this.timer ??= setTimeout(() => void this.flush().catch((error: unknown) => this.warn(error)), DEBOUNCE_MS);
  }

  /** Resolves when everything changed so far is on disk. */
  async flush(): Promise<void> {
    if (this.closed) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.writing) await this.writing;
    this.writing = this.write().finally(() => (this.writing = undefined));
    await this.writing;
  }

  /** Writes a last time; the file may be another simulator's from here on. */
  async close(): Promise<void> {
    await this.flush();
    this.closed = true;
    clearTimeout(this.timer);
  }

  private warn(error: unknown): void {
    process.emitWarning(`The simulator could not save ${this.path}: ${String(error)}`);
  }

  private async write(): Promise<void> {
    for (const account of this.changedAccounts) this.lines.set(account, `${JSON.stringify(recordOf(account))}\n`);
    this.changedAccounts.clear();
    const header: Header = {
      format: FORMAT,
      version: VERSION,
      root: keyPairRecord(this.certificateKeys.root),
      unregistered: this.unregistered(),
    };
    const beside = `${this.path}.new`;
    const file = await open(beside, 'w', OWNER_ONLY);
    try {
      await file.writeFile(`${JSON.stringify(header)}\n${[...this.lines.values()].join('')}`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.path);
  }
}
