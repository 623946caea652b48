import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ClientVersionAnswer } from '@koneksi/contracts/client-version';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { RelativeTime } from '../ui/relative-time';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { ClientVersionApi } from './client-version-api';
import { NodesPanel } from './nodes/nodes-panel';

/** What admins look after that is no outlet's: which WhatsApp Web version Koneksi shows, and on which servers it runs. */
@Component({
  selector: 'app-system-page',
  imports: [MatButton, NodesPanel, RelativeTime, SkeletonRows],
  templateUrl: './system-page.html',
  styleUrl: './system-page.css',
})
export class SystemPage {
  readonly #api = inject(ClientVersionApi);
  readonly #sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;
  protected readonly seesServers = inject(AuthStore).managesUsers;

  protected readonly sourceText = {
    pinned: 'system.sources.pinned',
    whatsapp: 'system.sources.whatsapp',
    library: 'system.sources.library',
  } as const;

  protected readonly version = signal<ClientVersionAnswer | null>(null);
  protected readonly busy = signal(false);
  protected readonly problem = signal<string | null>(null);
  /** What to make of it. */
  protected readonly verdict = computed(() => {
    const version = this.version();
    if (!version) return null;
    if (version.source === 'pinned') return this.t('system.pinned');
    if (version.old) return this.t('system.old');
    if (version.askFailed) return this.t('system.askFailed');
    return this.t(version.asks ? 'system.current' : 'system.nobodyAsks');
  });

  constructor() {
    void this.load();
  }

  protected load(): Promise<void> {
    return this.#take(() => this.#api.read());
  }

  protected askNow(): Promise<void> {
    return this.#take(() => this.#api.askNow());
  }

  async #take(answer: () => Promise<ClientVersionAnswer>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.problem.set(null);
    try {
      this.version.set(await answer());
    } catch (thrown) {
      this.problem.set(this.#sentence.of(ApiFault.of(thrown)));
    } finally {
      this.busy.set(false);
    }
  }
}
