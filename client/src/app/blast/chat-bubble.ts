import { Component, computed, inject, input } from '@angular/core';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import { linkPreviewOf } from '@koneksi/contracts/link-preview';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';
import { BlastTexts } from './blast-texts';
import { fileSize } from './file-size';
import { formatMessage, withoutMarks } from './whatsapp-format';

/** A message as a phone shows it. Text stays text: styles are spans, nothing is ever read as markup. */
@Component({
  selector: 'app-chat-bubble',
  imports: [Icon],
  template: `
    <div class="screen">
      <div class="head">
        <span class="face" aria-hidden="true">{{ sender().slice(0, 1) }}</span>
        <strong>{{ sender() }}</strong>
      </div>
      <div class="chat">
        <div class="bubble" data-testid="bubble">
          @if (media(); as media) {
            @if (media.kind !== 'document' && mediaUrl(); as url) {
              <div class="picture">
                <img [src]="url" [alt]="media.fileName" />
                @if (media.kind === 'video') {
                  <app-icon class="play" name="play" />
                }
              </div>
            } @else {
              <div class="document">
                <app-icon name="copy" />
                <span>{{ media.fileName }}</span>
                <span class="muted numbers">{{ size() }}</span>
              </div>
            }
          }
          @if (preview(); as link) {
            <div class="link" data-testid="link-preview">
              <strong>{{ link.title }}</strong>
              <span class="muted">{{ link.description }}</span>
            </div>
          }
          @if (runs().length) {
            <p>
              @for (run of runs(); track $index) {
                <span
                  [class.bold]="run.bold"
                  [class.italic]="run.italic"
                  [class.strike]="run.strike"
                  [class.mono]="run.mono"
                  [class.filled]="run.filled"
                  [class.unknown]="run.unknown"
                  >{{ run.text }}</span
                >
              }
            </p>
          } @else if (!media()) {
            <p class="muted">{{ b('bubble.empty') }}</p>
          }
          @if (at()) {
            <span class="time numbers">{{ at() }}</span>
          }
        </div>
      </div>
    </div>
  `,
  styleUrl: './chat-bubble.css',
})
export class ChatBubble {
  /** With what variables became, marked or not. */
  readonly text = input.required<string>();
  readonly sender = input.required<string>();
  readonly media = input<BlastMedia | null>(null);
  /** The picture, or a frame of the film. */
  readonly mediaUrl = input<string | null>(null);
  /** When it goes out, by the clock of the outlet that sends it; `null` while nobody knows. */
  readonly at = input<string | null>(null);
  protected readonly b = inject(BlastTexts).b;
  readonly #locale = inject(Texts).locale;
  protected readonly runs = computed(() => formatMessage(this.text().trim()));
  protected readonly preview = computed(() => (this.media() ? null : linkPreviewOf(withoutMarks(this.text()))));
  protected readonly size = computed(() => fileSize(this.media()?.bytes ?? 0, this.#locale()));
}
