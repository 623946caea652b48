import { Component, computed, inject, input, signal } from '@angular/core';
import type { ConnectRequest } from '@koneksi/contracts/outlets';
import { Texts, type TextKey } from '../../core/texts';

export type PhoneKind = 'android' | 'iphone';

interface Picture {
  readonly name: 'menu' | 'tab' | 'entry' | 'button' | 'camera' | 'code';
  readonly caption: TextKey;
}

const ENTRY: Picture = { name: 'entry', caption: 'pictures.entry' };
const BUTTON: Picture = { name: 'button', caption: 'pictures.button' };

/** Where to tap in WhatsApp, drawn: a menu, a list, a button and what follows it. */
@Component({
  selector: 'app-link-pictures',
  template: `
    <div class="kinds" role="radiogroup" [attr.aria-label]="t('pictures.kinds')">
      @for (choice of kinds; track choice) {
        <label [class.chosen]="kind() === choice">
          <input
            type="radio"
            name="phone-kind"
            [checked]="kind() === choice"
            (change)="kind.set(choice)"
            [attr.data-testid]="'phone-kind-' + choice"
          />
          {{ t(choice === 'android' ? 'pictures.android' : 'pictures.iphone') }}
        </label>
      }
    </div>
    <ol>
      @for (picture of pictures(); track picture.name) {
        <li>
          <svg viewBox="0 0 72 120" aria-hidden="true">
            <rect class="phone" x="1" y="1" width="70" height="118" rx="9" />
            @if (picture.name === 'camera') {
              <rect class="dark" x="5" y="6" width="62" height="108" rx="5" />
              <path class="corners" d="M20 52v-8h8M44 44h8v8M52 68v8h-8M28 76h-8v-8" />
              <path class="qr" d="M28 52h6v6h-6zM38 52h6v6h-6zM28 62h6v6h-6zM38 62h3v3h-3zM41 65h3v3h-3z" />
            } @else {
              <rect class="bar" x="5" y="6" width="62" height="14" rx="3" />
              <path class="title" d="M10 13h22" />
              @switch (picture.name) {
                @case ('menu') {
                  <path class="lines" d="M22 32h38M22 50h38M22 68h38M22 86h38" />
                  <path class="dots" d="M12 32h.01M12 50h.01M12 68h.01M12 86h.01" />
                  <path class="more" d="M60 9.5h.01M60 13h.01M60 16.5h.01" />
                  <circle class="target" cx="60" cy="13" r="8" />
                }
                @case ('tab') {
                  <path class="lines" d="M22 32h38M22 50h38M22 68h38" />
                  <path class="dots" d="M12 32h.01M12 50h.01M12 68h.01" />
                  <path class="tabs" d="M14 104h6M33 104h6M52 104h6" />
                  <circle class="target" cx="55" cy="104" r="9" />
                }
                @case ('entry') {
                  <path class="lines" d="M14 32h30M14 46h36M14 60h24M14 74h32M14 88h22" />
                  <rect class="target" x="8" y="39" width="56" height="14" rx="4" />
                }
                @case ('button') {
                  <path class="laptop" d="M24 34h24v16H24zM20 54h32" />
                  <rect class="press" x="14" y="66" width="44" height="12" rx="6" />
                  <path class="on-press" d="M24 72h24" />
                  <rect class="target" x="9" y="61" width="54" height="22" rx="8" />
                }
                @case ('code') {
                  <path class="lines" d="M16 32h40M22 40h28" />
                  <path class="boxes" d="M10 56h9v13h-9zM22 56h9v13h-9zM41 56h9v13h-9zM53 56h9v13h-9z" />
                  <path class="link" d="M16 92h40" />
                  <rect class="target" x="10" y="85" width="52" height="14" rx="4" />
                }
              }
            }
          </svg>
          <span>{{ t(picture.caption) }}</span>
        </li>
      }
    </ol>
  `,
  styleUrl: './link-pictures.css',
})
export class LinkPictures {
  readonly method = input.required<ConnectRequest['method']>();
  protected readonly t = inject(Texts).t;
  protected readonly kinds: readonly PhoneKind[] = ['android', 'iphone'];
  protected readonly kind = signal<PhoneKind>('android');
  protected readonly pictures = computed<Picture[]>(() => [
    this.kind() === 'android' ? { name: 'menu', caption: 'pictures.menu' } : { name: 'tab', caption: 'pictures.tab' },
    ENTRY,
    BUTTON,
    this.method() === 'qr'
      ? { name: 'camera', caption: 'pictures.camera' }
      : { name: 'code', caption: 'pictures.code' },
  ]);
}
