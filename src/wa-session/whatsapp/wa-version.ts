import { DEFAULT_CONNECTION_CONFIG, type WAVersion } from '@whiskeysockets/baileys';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { ClientVersionAnswer } from '@koneksi/contracts/client-version';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import { Config } from '../../config/config.js';
import { CLIENT_OLD_AFTER_MS } from '../domain/warnings.js';
import { Gate } from '../../common/gate.js';
import { messageOf } from '../../common/message-of.js';
import { ClientVersionEntity } from './client-version.entity.js';
import { greater, parseVersion, versionText } from './version-number.js';
import { versionTold } from './wa-site.js';

/** An answer this old is good enough to link by. Milliseconds. */
const FRESH_FOR_MS = 60 * 60_000;
const DAY_MS = 86_400_000;
/** How often it is looked whether a day is over: a machine that sleeps has fewer hours than days have. */
const LOOK_EVERY_MS = 60 * 60_000;
/** Whoever asks again within this time is told what was said then. Milliseconds. */
const JUST_ASKED_MS = 5_000;
/** When the library in use, 7.0.0-rc14, was published with the version it brings; by the npm registry. */
const LIBRARY_PUBLISHED = Date.UTC(2026, 7, 6);

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

/**
 * The WhatsApp Web version all sockets of this process show: the pinned one, or the greater of the library's and the
 * newest that WhatsApp's site told, which is kept. Phones refuse to link clients that are too old without a word to
 * them (WhiskeySockets/Baileys#2679, devlikeapro/waha#2193).
 */
@Injectable()
export class WaVersion implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WaVersion.name);
  private readonly library: WAVersion = DEFAULT_CONNECTION_CONFIG.version;
  private kept: WAVersion | null = null;
  /** When the site last told a version; milliseconds since the epoch by the wall. */
  private toldAt: number | null = null;
  private askedAt: number | null = null;
  private askFailed = false;
  /** Whether the site did not answer in time when it was asked last. */
  private isSilent = false;
  /** A site that takes longer is silent, and waited for by nobody until it told something again. Milliseconds. */
  silentAfterMs = 1_000;
  /** By the monotonic clock. */
  private askedOnAt = -Infinity;
  /** WhatsApp's site may take its time, and is one for all. */
  private readonly gate = new Gate({ atOnce: 4, waiting: 1, patienceMs: 15_000 });
  private loading: Promise<void> | null = null;
  private refreshing: Promise<boolean> | null = null;
  private daily: NodeJS.Timeout | null = null;

  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {}

  get current(): WAVersion {
    return this.config.whatsapp.version ?? (this.kept ? greater(this.kept, this.library) : this.library);
  }

  /** The version that people fixed, for which no other is asked; `null` where they did not. */
  get pinned(): string | null {
    const { version } = this.config.whatsapp;
    return version && versionText(version);
  }

  /**
   * When the version in use was last known to be WhatsApp's newest, in milliseconds since the epoch: when its site told,
   * or the library was published. `null` where nobody asks: it is pinned, or there is no site.
   */
  get knownAt(): number | null {
    return this.site === null ? null : Math.max(this.toldAt ?? 0, LIBRARY_PUBLISHED);
  }

  /** `null` where nobody asks; another service under a root of its own, such as the simulated one, has no such site. */
  private get site(): string | null {
    const { versionUrl, version } = this.config.whatsapp;
    return version === null ? versionUrl : null;
  }

  /** What admins are shown. */
  describe(): ClientVersionAnswer {
    const { version: pinned } = this.config.whatsapp;
    const isKept = this.kept !== null && this.current === this.kept;
    return {
      success: true,
      version: versionText(this.current),
      source: pinned ? 'pinned' : isKept ? 'whatsapp' : 'library',
      confirmedAt: iso(this.toldAt),
      asks: this.site !== null,
      askedAt: iso(this.askedAt),
      askFailed: this.askFailed,
      old: this.knownAt !== null && this.clock.wall() - this.knownAt >= CLIENT_OLD_AFTER_MS,
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.ready();
    void this.refresh();
    this.daily = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.daily.unref();
  }

  /** Until what was kept is read. */
  ready(): Promise<void> {
    return (this.loading ??= this.load());
  }

  private async load(): Promise<void> {
    const [row] = await this.dataSource.manager.find(ClientVersionEntity, { take: 1 });
    this.kept = parseVersion(row?.version ?? '');
    this.toldAt = this.kept && row ? row.toldAt.getTime() : null;
  }

  beforeApplicationShutdown(): void {
    if (this.daily) clearInterval(this.daily);
  }

  /**
   * Before a link is made, and before it waits for its turn; never throws. What was told within a day is used, and asked
   * anew beside; only where nothing was, the first to link wait until the site is known to be silent.
   */
  async forLinking(signal: AbortSignal): Promise<void> {
    if (this.isYoungerThan(FRESH_FOR_MS)) return;
    const answer = this.refresh();
    if (signal.aborted || this.isSilent || this.isYoungerThan(DAY_MS)) return;
    const enough = AbortSignal.any([signal, AbortSignal.timeout(this.silentAfterMs)]);
    await Promise.race([answer, new Promise<void>((resolve) => enough.addEventListener('abort', () => resolve()))]);
  }

  /** Asks anew where the last answer is a day old, to whichever node it was given. */
  async look(): Promise<void> {
    if (!this.isYoungerThan(DAY_MS)) await this.takeOver();
    if (!this.isYoungerThan(DAY_MS)) await this.refresh();
  }

  /** What another node was told, and kept for all. */
  private async takeOver(): Promise<void> {
    const before = versionText(this.current);
    const [row] = await this.dataSource.manager.find(ClientVersionEntity, { take: 1 }).catch(() => []);
    const told = parseVersion(row?.version ?? '');
    if (!row || !told || row.toldAt.getTime() <= (this.toldAt ?? 0)) return;
    this.kept = this.kept ? greater(told, this.kept) : told;
    this.toldAt = row.toldAt.getTime();
    this.bus.publish('client-version.known', { knownAt: this.knownAt, isNew: versionText(this.current) !== before });
  }

  /** What was told in the future was told before somebody set the clock back: nobody knows how old it is. */
  private isYoungerThan(milliseconds: number): boolean {
    if (this.toldAt === null) return false;
    const age = this.clock.wall() - this.toldAt;
    return age >= 0 && age < milliseconds;
  }

  /** A person asks now. @throws {TooManyAttempts} */
  askNow(callerId: string): Promise<ClientVersionAnswer> {
    return this.gate.pass(callerId, async () => {
      if (this.clock.now() - this.askedOnAt >= JUST_ASKED_MS) await this.refresh();
      else await this.refreshing;
      return this.describe();
    });
  }

  /** Asks WhatsApp's site once for all outlets; whether sockets show another version from now on. Never throws. */
  refresh(): Promise<boolean> {
    const { site } = this;
    if (site === null) return Promise.resolve(false);
    this.refreshing ??= this.ask(site).finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async ask(url: string): Promise<boolean> {
    const before = versionText(this.current);
    this.askedAt = this.clock.wall();
    this.askedOnAt = this.clock.now();
    const late = setTimeout(() => (this.isSilent = true), this.silentAfterMs);
    try {
      const told = await versionTold(url);
      this.askFailed = this.isSilent = false;
      await this.keep(this.kept ? greater(told, this.kept) : told);
      this.bus.publish('client-version.known', {
        knownAt: this.knownAt,
        isNew: versionText(this.current) !== before,
      });
    } catch (error) {
      this.askFailed = this.isSilent = true;
      const reason = messageOf(error);
      this.logger.debug(`WhatsApp's site did not tell its version: ${reason}`);
    } finally {
      clearTimeout(late);
    }
    return versionText(this.current) !== before;
  }

  /** In use from now on, also where it cannot be stored, which is no fault of the site's: the next start asks it anew. */
  private async keep(version: WAVersion): Promise<void> {
    this.kept = version;
    this.toldAt = this.clock.wall();
    const row = { id: 1, version: versionText(version), toldAt: new Date(this.toldAt) };
    try {
      await this.dataSource.manager.upsert(ClientVersionEntity, row, ['id']);
    } catch (error) {
      const reason = messageOf(error);
      this.logger.warn(`The version WhatsApp's site told could not be stored: ${reason}`);
    }
  }
}
