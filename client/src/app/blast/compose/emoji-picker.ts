import { Component, inject, output, signal } from '@angular/core';
import { BlastTexts } from '../blast-texts';

/** What shops write to their customers with; any other can be typed or pasted. */
const EMOJI = [
  ...[
    '😊',
    '😁',
    '😍',
    '🤗',
    '🙏',
    '👍',
    '👏',
    '💪',
    '❤️',
    '💛',
    '💚',
    '💙',
    '🔥',
    '✨',
    '⭐',
    '🌟',
    '🎉',
    '🎊',
    '🎁',
    '🎂',
  ],
  ...[
    '☕',
    '🍵',
    '🥤',
    '🧋',
    '🍔',
    '🍕',
    '🍗',
    '🍜',
    '🍛',
    '🍰',
    '🍩',
    '🍪',
    '🛍️',
    '🛒',
    '💳',
    '💰',
    '🏷️',
    '📣',
    '📢',
    '⏰',
  ],
  ...[
    '📅',
    '📍',
    '🏠',
    '🚚',
    '🛵',
    '📦',
    '📞',
    '📲',
    '✅',
    '❌',
    '❗',
    '❓',
    '👉',
    '👇',
    '➡️',
    '🆕',
    '🆓',
    '💯',
    '🌙',
    '🎄',
  ],
];

@Component({
  selector: 'app-emoji-picker',
  host: { '(keydown.escape)': 'open.set(false)' },
  template: `
    <button
      type="button"
      class="toggle"
      [attr.aria-expanded]="open()"
      [attr.aria-label]="b('editor.emoji')"
      [title]="b('editor.emoji')"
      (click)="open.set(!open())"
      data-testid="emoji"
    >
      <span aria-hidden="true">☺</span>
    </button>
    @if (open()) {
      <div class="all" role="group" [attr.aria-label]="b('editor.emoji')">
        @for (one of emoji; track one) {
          <button type="button" (click)="picked.emit(one)">{{ one }}</button>
        }
      </div>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .all {
      order: 1;
      flex-basis: 100%;
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(36px, 1fr));
      gap: 2px;
      max-height: 160px;
      padding: 6px;
      overflow-y: auto;
      border-top: 1px solid var(--k-border);
    }
    button {
      min-height: 36px;
      padding: 0;
      border: 0;
      border-radius: 6px;
      background: none;
      color: inherit;
      font-size: 1.25rem;
      cursor: pointer;
    }
    .toggle {
      width: 36px;
    }
    button:hover {
      background: var(--k-sunken);
    }
  `,
})
export class EmojiPicker {
  readonly picked = output<string>();
  protected readonly b = inject(BlastTexts).b;
  protected readonly emoji = EMOJI;
  protected readonly open = signal(false);
}
