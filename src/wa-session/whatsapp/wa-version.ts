import { DEFAULT_CONNECTION_CONFIG, fetchLatestWaWebVersion, type WAVersion } from '@whiskeysockets/baileys';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';

/** How long WhatsApp's site may take to tell its version. Milliseconds. */
const FETCH_WITHIN_MS = 10_000;

/** The WhatsApp Web version all sockets of this process show. Starts as the library's own; renewed after a 405. */
@Injectable()
export class WaVersion {
  current: WAVersion = DEFAULT_CONNECTION_CONFIG.version;
  private refreshing: Promise<boolean> | null = null;

  constructor(private readonly config: Config) {}

  /**
   * Asks WhatsApp's site once for all outlets; whether a newer version was found. Never throws. Another service under
   * a root of its own, such as the simulated one, has no such site.
   */
  refresh(): Promise<boolean> {
    if (this.config.whatsapp.rootKey) return Promise.resolve(false);
    this.refreshing ??= this.fetch().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async fetch(): Promise<boolean> {
    const { version, isLatest } = await fetchLatestWaWebVersion({ signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
    const changed = isLatest && version.join('.') !== this.current.join('.');
    if (changed) this.current = version;
    return changed;
  }
}
