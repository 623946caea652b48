import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { RejectedLine } from '@koneksi/contracts/contact-import';
import type { RejectedOutlet } from '@koneksi/contracts/outlet-import';
import { importReasonText } from '@koneksi/contracts/import-texts';
import { guardCell } from '@koneksi/contracts/spreadsheet-cell';
import { Texts } from '../core/texts';
import { saveFile } from '../core/save-file';

const AT_A_TIME = 20;

type Rejected = Pick<RejectedLine | RejectedOutlet, 'line' | 'value' | 'reason'>;

/** The columns of a file that holds the lines as they were, to be mended and imported again. */
export interface Mendable {
  readonly headers: readonly string[];
  readonly cellsOf: (line: number) => readonly string[];
}

/** Every line that is not imported, with its number and why. */
@Component({
  selector: 'app-rejected-lines',
  imports: [MatButton],
  template: `
    @if (lines().length) {
      <h3>{{ t('import.rejectedTitle', { count: number(lines().length) }) }}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{{ t('import.line') }}</th>
            <th scope="col">{{ t('import.value') }}</th>
            <th scope="col">{{ t('import.why') }}</th>
          </tr>
        </thead>
        <tbody>
          @for (line of visible(); track line.line) {
            <tr data-testid="rejected-line" [attr.data-reason]="line.reason">
              <td class="numbers">{{ number(line.line) }}</td>
              <td>{{ line.value || t('import.empty') }}</td>
              <td>{{ reasonOf(line) }}</td>
            </tr>
          }
        </tbody>
      </table>
      <div class="more">
        @if (lines().length > shown()) {
          <button matButton="outlined" type="button" (click)="showMore()">
            {{ t('import.showMore', { count: number(rest()) }) }}
          </button>
        }
        <button matButton type="button" (click)="download()" data-testid="download-rejected">
          {{ t('import.download') }}
        </button>
      </div>
    }
  `,
  styles: `
    h3 {
      margin-block: 0 6px;
      font-size: 0.9375rem;
      font-weight: 600;
    }
    table {
      width: 100%;
      border-collapse: collapse;
      font-size: 0.875rem;
    }
    th {
      text-align: start;
      font-size: 0.75rem;
      font-weight: 550;
      color: var(--k-muted);
    }
    th,
    td {
      padding: 6px 12px 6px 0;
      border-bottom: 1px solid var(--k-border);
      vertical-align: top;
      overflow-wrap: anywhere;
    }
    td:first-child,
    th:first-child {
      width: 64px;
    }
    td:nth-child(2),
    th:nth-child(2) {
      width: 34%;
    }
    .more {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin-block-start: 8px;
    }
  `,
})
export class RejectedLines {
  readonly lines = input.required<readonly Rejected[]>();
  readonly mendable = input<Mendable | null>(null);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  /** Another file, or other columns, starts from the top again. */
  protected readonly shown = linkedSignal({ source: this.lines, computation: () => AT_A_TIME });
  protected readonly visible = computed(() => this.lines().slice(0, this.shown()));
  protected readonly rest = computed(() => Math.min(AT_A_TIME * 5, this.lines().length - this.shown()));

  protected reasonOf({ reason }: Rejected): string {
    return importReasonText(reason, this.#texts.locale());
  }

  protected showMore(): void {
    this.shown.update((shown) => shown + AT_A_TIME * 5);
  }

  protected download(): void {
    const mendable = this.mendable() ?? { headers: [this.t('import.value')], cellsOf: null };
    const headers = [...mendable.headers, this.t('import.line'), this.t('import.why')];
    const rows = this.lines().map((line) => [
      ...(mendable.cellsOf?.(line.line) ?? [line.value]),
      String(line.line),
      this.reasonOf(line),
    ]);
    const csv = [headers, ...rows].map((cells) => cells.map(quoted).join(';')).join('\r\n');
    saveFile(new Blob(['\ufeff', csv], { type: 'text/csv' }), `${this.t('import.rejected')}.csv`);
  }
}

function quoted(cell: string): string {
  return `"${guardCell(cell).replace(/"/g, '""')}"`;
}
