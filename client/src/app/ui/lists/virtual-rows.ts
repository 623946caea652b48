import {
  afterEveryRender,
  computed,
  DestroyRef,
  Directive,
  effect,
  ElementRef,
  inject,
  input,
  numberAttribute,
  signal,
} from '@angular/core';
import { defaultRangeExtractor, injectWindowVirtualizer, type VirtualItem } from '@tanstack/angular-virtual';

const CARD_GAP = 12;

/** Draws of a long list what is in sight and a little around it: rows where there is room for them, else cards. */
@Directive({
  selector: 'tbody[appVirtualRows]',
  exportAs: 'virtualRows',
  host: {
    '[style.height.px]': 'all() ? null : virtualizer.getTotalSize()',
    '(focusin)': 'focused($event)',
    '(focusout)': 'focusedId.set(null)',
  },
})
export class VirtualRows {
  /** The ids of all rows, in order. */
  readonly appVirtualRows = input.required<readonly string[]>();
  /** From this width on, in pixels, rows of a table; below it cards. */
  readonly tableFrom = input.required({ transform: numberAttribute });
  /** The least width of a card. */
  readonly cardWidth = input(340, { transform: numberAttribute });
  /** What a row and a card are taken to measure until they are drawn. */
  readonly rowHeight = input(60, { transform: numberAttribute });
  readonly cardHeight = input(200, { transform: numberAttribute });

  /** Draws every row, one below the other, as paper needs them. */
  readonly all = input(false);

  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #width = signal(window.innerWidth);
  /** How much room a row has, in pixels. */
  readonly width = this.#width.asReadonly();
  readonly #top = signal(0);
  /** The row that has the focus stays drawn, however far it scrolls. */
  protected readonly focusedId = signal<string | null>(null);

  readonly isTable = computed(() => this.all() || this.#width() >= this.tableFrom());
  readonly lanes = computed(() =>
    this.isTable() ? 1 : Math.max(1, Math.floor((this.#width() + CARD_GAP) / (this.cardWidth() + CARD_GAP))),
  );

  readonly virtualizer = injectWindowVirtualizer<HTMLElement>(() => {
    const ids = this.appVirtualRows();
    const isTable = this.isTable();
    const focused = this.focusedId();
    return {
      count: ids.length,
      lanes: this.lanes(),
      gap: isTable ? 0 : CARD_GAP,
      overscan: 6,
      scrollMargin: this.#top(),
      useAnimationFrameWithResizeObserver: true,
      estimateSize: () => (isTable ? this.rowHeight() : this.cardHeight()),
      getItemKey: (index) => ids[index] ?? index,
      rangeExtractor: (range) => {
        const drawn = defaultRangeExtractor(range);
        const index = focused === null ? -1 : ids.indexOf(focused);
        return index < 0 || drawn.includes(index) ? drawn : [...drawn, index].sort((one, other) => one - other);
      },
    };
  });

  readonly items = computed(() => {
    const ids = this.appVirtualRows();
    if (this.all()) return ids.map((id, index) => ({ id, item: this.#unplaced(id, index) }));
    return this.virtualizer.getVirtualItems().flatMap((item) => {
      const id = ids[item.index];
      return id === undefined ? [] : { id, item };
    });
  });

  constructor() {
    const observer = new ResizeObserver(([entry]) => {
      // Drawn in the next frame: what it changes in this one would be observed again.
      requestAnimationFrame(() => this.#width.set(entry?.contentRect.width ?? 0));
    });
    observer.observe(this.#element);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
    afterEveryRender({
      earlyRead: () => Math.round(this.#element.getBoundingClientRect().top + window.scrollY),
      write: (top) => {
        if (top !== this.#top()) this.#top.set(top);
      },
    });
  }

  /** Where a row lies, as CSS. */
  offsetOf({ start }: VirtualItem): string {
    return `translateY(${start - this.#top()}px)`;
  }

  #unplaced(key: string, index: number): VirtualItem {
    return { key, index, start: 0, end: 0, size: this.rowHeight(), lane: 0 };
  }

  protected focused({ target }: FocusEvent): void {
    const row = (target as HTMLElement).closest<HTMLElement>('[data-index]');
    this.focusedId.set(this.appVirtualRows()[Number(row?.dataset['index'] ?? -1)] ?? null);
  }
}

/** One drawn row: lies where the list says, and tells the list how high it came out. */
@Directive({
  selector: '[appVirtualRow]',
  host: {
    '[style.position]': 'rows.all() ? "static" : "absolute"',
    '[style.inset-block-start]': '0',
    '[style.inset-inline-start]': 'left()',
    '[style.inline-size]': 'width()',
    '[style.transform]': 'rows.offsetOf(appVirtualRow())',
    '[attr.data-index]': 'appVirtualRow().index',
    '[attr.aria-rowindex]': 'appVirtualRow().index + 2',
  },
})
export class VirtualRow {
  readonly appVirtualRow = input.required<VirtualItem>();
  protected readonly rows = inject(VirtualRows);
  protected readonly width = computed(() => {
    const lanes = this.rows.lanes();
    return `calc((100% - ${(lanes - 1) * CARD_GAP}px) / ${lanes})`;
  });
  protected readonly left = computed(
    () => `calc((100% + ${CARD_GAP}px) / ${this.rows.lanes()} * ${this.appVirtualRow().lane})`,
  );

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    effect(() => {
      const { index } = this.appVirtualRow();
      element.dataset['index'] = String(index);
      if (this.rows.all()) return;
      this.rows.virtualizer.measureElement(element);
    });
  }
}
