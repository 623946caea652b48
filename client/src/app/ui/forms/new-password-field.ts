import { Clipboard } from '@angular/cdk/clipboard';
import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Texts } from '../../core/texts';
import type { FormField } from './form-field';
import { Notifier } from '../notifier';
import { TextField } from './text-field';

/** As in the contract: length counts, composition rules do not. */
export const SHORTEST_PASSWORD = 10;
/** Without characters that are mistaken for each other on paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** A password for someone else: made up here and copied, or typed. It is shown, since it has to be told. */
@Component({
  selector: 'app-new-password-field',
  imports: [MatButton, TextField],
  template: `
    <app-text-field [name]="name()" [label]="t('users.password')" [hint]="t('users.passwordHint')" [field]="field()" />
    <div class="actions">
      <button matButton type="button" (click)="makeUp()" data-testid="make-password">
        {{ t('users.makePassword') }}
      </button>
      <button matButton type="button" [disabled]="!field().value()" (click)="copy()">
        {{ t('users.copyPassword') }}
      </button>
    </div>
  `,
  styles: `
    .actions {
      display: flex;
      gap: 4px;
      margin: -6px 0 8px -10px;
    }
  `,
})
export class NewPasswordField {
  readonly field = input.required<FormField<string>>();
  readonly name = input.required<string>();
  readonly #clipboard = inject(Clipboard);
  readonly #notifier = inject(Notifier);
  protected readonly t = inject(Texts).t;

  protected makeUp(): void {
    const groups = Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_LENGTH }, randomCharacter).join(''));
    this.field().value.set(groups.join('-'));
  }

  protected copy(): void {
    this.#notifier.tell(this.#clipboard.copy(this.field().value()) ? 'users.passwordCopied' : 'connect.copyRefused');
  }
}

/** Every character equally likely: a byte that would favour the first ones is drawn again. */
function randomCharacter(): string {
  const fair = 256 - (256 % ALPHABET.length);
  const [byte = fair] = crypto.getRandomValues(new Uint8Array(1));
  return byte < fair ? ALPHABET[byte % ALPHABET.length]! : randomCharacter();
}
