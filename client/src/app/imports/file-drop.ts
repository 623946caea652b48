import { Component, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import { Texts } from '../core/texts';

/** Where a file is chosen, or dragged to. */
@Component({
  selector: 'app-file-drop',
  imports: [MatButton, MatProgressSpinner],
  template: `
    <div
      class="drop"
      [class.over]="draggedOver()"
      (dragover)="$event.preventDefault(); draggedOver.set(true)"
      (dragleave)="draggedOver.set(false)"
      (drop)="dropped($event)"
    >
      @if (busy()) {
        <mat-spinner diameter="32" [attr.aria-label]="t('import.reading')" />
        <p class="muted">{{ t('import.reading') }}</p>
      } @else {
        <button matButton="filled" type="button" (click)="file.click()" cdkFocusInitial>
          {{ t('import.choose') }}
        </button>
        <p class="muted hint">{{ t('import.drop') }}</p>
      }
    </div>
    <input
      #file
      type="file"
      hidden
      [accept]="accept()"
      [attr.aria-label]="t('import.choose')"
      (change)="take(file.files?.[0]); file.value = ''"
      data-testid="import-file"
    />
  `,
  styles: `
    .drop {
      display: grid;
      justify-items: center;
      align-content: center;
      gap: 8px;
      min-height: 150px;
      border: 2px dashed var(--k-border);
      border-radius: var(--k-radius);
    }
    .drop.over {
      border-color: var(--k-accent);
      background: var(--k-accent-soft);
    }
    @media (max-width: 699px) {
      .hint {
        display: none;
      }
    }
  `,
})
export class FileDrop {
  readonly busy = input.required<boolean>();
  readonly accept = input.required<string>();
  readonly chosen = output<File>();
  protected readonly t = inject(Texts).t;
  protected readonly draggedOver = signal(false);

  protected dropped(event: DragEvent): void {
    event.preventDefault();
    this.draggedOver.set(false);
    this.take(event.dataTransfer?.files[0]);
  }

  protected take(file: File | undefined): void {
    if (file) this.chosen.emit(file);
  }
}
