import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ApiKey } from '@koneksi/contracts/auth';
import { AuthStore } from '../core/auth-store';
import { Clock } from '../core/clock';
import { exactTime } from '../core/formats';
import { Texts } from '../core/texts';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { RelativeTime } from '../ui/relative-time';
import { OutletChoices } from '../live-status/outlet-choices';
import { ApiKeyDesk } from './api-key-desk';
import { ApiKeyTexts } from './api-key-texts';
import { ApiKeyVerbs } from './api-key-verbs';

/** More names than this are counted, not read. */
const NAMED_OUTLETS = 3;

/** Which programs may come in, what they may do and when they last did. */
@Component({
  selector: 'app-api-keys-page',
  imports: [EmptyState, Icon, Loaded, MatButton, RelativeTime],
  providers: [ApiKeyDesk, ApiKeyVerbs],
  templateUrl: './api-keys-page.html',
  styleUrls: ['../ui/lists/row-list.css', './api-keys-page.css'],
})
export class ApiKeysPage {
  readonly #texts = inject(ApiKeyTexts);
  readonly #locale = inject(Texts).locale;
  readonly #now = inject(Clock).now;
  readonly #outlets = inject(OutletChoices);
  readonly #seesAll = inject(AuthStore).managesUsers;
  protected readonly desk = inject(ApiKeyDesk);
  protected readonly verbs = inject(ApiKeyVerbs);
  protected readonly t = inject(Texts).t;
  protected readonly k = this.#texts.k;
  protected readonly mayOf = (key: ApiKey): string => this.#texts.mayOf(key);
  protected readonly lead = computed(() => this.k(this.#seesAll() ? 'leadAll' : 'leadOwn'));

  constructor() {
    void this.desk.load();
  }

  protected outletsOf({ role, outletIds }: ApiKey): string {
    if (role !== 'USER') return this.k('row.all');
    const names = outletIds.slice(0, NAMED_OUTLETS).map((id) => this.#outlets.nameOf(id) ?? '…');
    const more = outletIds.length - names.length;
    if (names.length === 0) return this.k('row.none');
    return more ? this.k('row.andMore', { names: names.join(', '), more }) : names.join(', ');
  }

  protected hasEnded({ expiresAt }: ApiKey): boolean {
    return expiresAt !== null && Date.parse(expiresAt) <= this.#now();
  }

  protected expiryOf(key: ApiKey): string {
    if (key.expiresAt === null) return this.k('row.endless');
    const time = exactTime(key.expiresAt, this.#locale());
    return this.k(this.hasEnded(key) ? 'row.ended' : 'row.until', { time });
  }
}
