import {
  Component,
  computed,
  DestroyRef,
  DOCUMENT,
  effect,
  type ElementRef,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { kindOf, type OutletKind } from '@koneksi/contracts/outlet-kind';
import { sharedCauses } from '@koneksi/contracts/shared-cause';
import { Clock } from '../../core/clock';
import { duration, timeOfDay, timeOrDay } from '../../core/formats';
import { Texts } from '../../core/texts';
import { Icon } from '../../ui/icon';
import { ConnectionIndicator } from '../../live-status/connection-indicator';
import { explain } from '../../live-status/explanation';
import { FreshnessLine } from '../../live-status/freshness-line';
import { limitsText } from '../../live-status/limits-text';
import { StatusFeed } from '../../live-status/status-feed';
import { StatusPast } from '../../live-status/status-past';
import { StatusSign } from '../../live-status/status-sign';
import type { StatusRow } from '../../live-status/status-store';
import { mosaicGrid } from './mosaic';
import { ScreenAwake } from './screen-awake';

/** More problems than this are told by cause: nobody reads fifty tiles from three metres. */
const MOST_TILES = 24;
const MOST_CAUSES = 6;
/** In px: the longest word of a name in the smallest letters of a tile. */
const LEAST_TILE_WIDTH = 150;
/** In px: smaller than this no name is read in the hand; only colours are left then. */
const LEAST_LETTER = 9;

interface Tile {
  readonly id: string;
  readonly title: string;
  readonly cause: string;
  readonly since: number | null;
}

interface Cell {
  readonly row: StatusRow;
  readonly kind: OutletKind;
  /** That WhatsApp lets it start no new chats, and until when; `null` where it does. */
  readonly limits: string | null;
}

interface City {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly problems: number;
}

/** Every outlet on one screen, to be read from three metres: what broke is large, the rest a mosaic by city. */
@Component({
  selector: 'app-wall-view',
  imports: [ConnectionIndicator, FreshnessLine, Icon, MatIconButton, RouterLink, StatusSign],
  providers: [ScreenAwake],
  host: {
    '[attr.data-state]': 'state()',
    '[class.stale]': 'stale()',
    '(document:keydown.escape)': 'leave()',
    'data-testid': 'wall',
  },
  templateUrl: './wall-view.html',
  styleUrl: './wall-view.css',
})
export class WallView {
  /** In the order of their names. */
  readonly rows = input.required<readonly StatusRow[]>();

  readonly #texts = inject(Texts);
  readonly #past = inject(StatusPast);
  readonly #router = inject(Router);
  readonly #now = inject(Clock).now;
  readonly #minute = inject(Clock).minute;
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly stale = inject(StatusFeed).stale;
  protected readonly kindWord = {
    unstable: 'kinds.unstable',
    setup: 'kinds.setup',
    paused: 'kinds.paused',
    healthy: 'kinds.healthy',
  } as const;
  private readonly area = viewChild.required<ElementRef<HTMLElement>>('area');
  readonly #size = signal({ width: 1, height: 1 });

  readonly #judged = computed(() =>
    this.rows().map((row): Cell => ({
      row,
      kind: kindOf(row.status, this.#past.isUnstable(row.id)),
      limits: this.#limitsOf(row),
    })),
  );
  readonly #problems = computed(() => this.#judged().flatMap(({ row, kind }) => (kind === 'problem' ? [row] : [])));
  protected readonly troubled = computed(() => this.#problems().length);
  protected readonly counts = computed(() =>
    (['unstable', 'setup', 'paused', 'healthy'] as const).map((kind) => ({
      kind,
      count: this.number(this.#judged().filter((each) => each.kind === kind).length),
    })),
  );
  protected readonly limited = computed(() => this.#judged().filter(({ limits }) => limits !== null).length);
  protected readonly state = computed(() => (this.troubled() === 0 ? 'well' : 'troubled'));
  protected readonly time = computed(() => timeOfDay(this.#now(), this.#texts.locale()));

  protected readonly tiles = computed<Tile[]>(() =>
    this.troubled() > MOST_TILES ? this.#tilesByCause() : this.#tilesByOutlet(),
  );
  protected readonly tileColumns = computed(() => {
    const { length } = this.tiles();
    const rows = length <= 4 ? 1 : length <= 10 ? 2 : 3;
    return Math.max(1, Math.min(Math.ceil(length / rows), Math.floor(this.#size().width / LEAST_TILE_WIDTH)));
  });

  protected readonly cities = computed<City[]>(() => {
    const byCity = new Map<string, City['cells'][number][]>();
    for (const cell of this.#judged()) {
      const name = cell.row.status.outlet.city ?? '';
      byCity.set(name, [...(byCity.get(name) ?? []), cell]);
    }
    return [...byCity]
      .sort(([one], [other]) => Number(one === '') - Number(other === '') || one.localeCompare(other, 'id'))
      .map(([name, cells]) => ({ name, cells, problems: cells.filter(({ kind }) => kind === 'problem').length }));
  });
  protected readonly grid = computed(() => {
    const { width, height } = this.#size();
    return mosaicGrid(
      this.cities().map(({ cells }) => cells.length),
      width,
      height,
    );
  });

  /** How large the letters in a cell may be, in px: five outlets are read from as far as three hundred are seen. */
  protected readonly letter = computed(() => {
    const { columns, rows } = this.grid();
    return Math.min((0.12 * this.#size().width) / columns, (0.4 * this.#size().height) / rows);
  });

  protected readonly crowded = computed(() => this.letter() < LEAST_LETTER);

  constructor() {
    inject(ScreenAwake);
    const root = inject(DOCUMENT).documentElement;
    root.dataset['view'] = 'wall';
    const observer = new ResizeObserver(([entry]) => {
      requestAnimationFrame(() => entry && this.#size.set(entry.contentRect));
    });
    effect(() => observer.observe(this.area().nativeElement));
    inject(DestroyRef).onDestroy(() => {
      delete root.dataset['view'];
      observer.disconnect();
    });
  }

  /** How long it has lasted, and since when. */
  protected lasted({ since }: Tile): string {
    if (since === null) return '';
    const locale = this.#texts.locale();
    const length = duration(this.#now() - since, locale);
    return this.t('wall.lasted', { length, time: timeOrDay(since, this.#now(), locale) });
  }

  /** Its city's name stands before the cells already, and most names begin with it. */
  protected withinCity({ name, city }: StatusRow['status']['outlet']): string {
    const rest = city && name.startsWith(`${city} `) ? name.slice(city.length + 1) : '';
    return rest || name;
  }

  protected leave(): void {
    void this.#router.navigate([], { queryParams: { view: null }, queryParamsHandling: 'merge' });
  }

  #limitsOf({ status: { limits } }: StatusRow): string | null {
    if (limits === null || limits.newChats === 'open') return null;
    const locale = this.#texts.locale();
    return limitsText(limits, this.#texts, (iso) => timeOrDay(Date.parse(iso), this.#minute(), locale));
  }

  /** Newest first. */
  #tilesByOutlet(): Tile[] {
    return this.#problems()
      .map((row) => ({
        id: row.id,
        title: row.status.outlet.name,
        cause: explain(row.status, this.#texts).message,
        since: this.#past.since(row),
      }))
      .sort((one, other) => (other.since ?? 0) - (one.since ?? 0));
  }

  #tilesByCause(): Tile[] {
    const byId = new Map(this.#problems().map((row) => [row.id, row]));
    const troubles = this.#problems().map((row) => ({
      outletId: row.id,
      code: row.status.reason?.code ?? null,
      since: this.#past.since(row) ?? 0,
    }));
    return sharedCauses(troubles)
      .slice(0, MOST_CAUSES)
      .map(({ code, since, outletIds }) => {
        const example = byId.get(outletIds.find((id) => byId.get(id)?.status.reason?.code === code) ?? outletIds[0]!)!;
        return {
          id: `${code} ${since}`,
          title: this.t('wall.struck', { count: this.number(outletIds.length) }),
          cause: explain(example.status, this.#texts).message,
          since: since || null,
        };
      });
  }
}
