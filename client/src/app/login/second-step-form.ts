import { Component, inject, input, output, viewChild, type AfterViewInit } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { FormField } from '../ui/forms/form-field';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';

/** The code that a log-in still asks for. */
@Component({
  selector: 'app-second-step-form',
  imports: [MatButton, TextField],
  template: `
    <form class="panel" (submit)="send($event)" novalidate [attr.aria-label]="t('secondFactor.title')">
      <h2>{{ t('secondFactor.askTitle') }}</h2>
      <p class="muted">{{ t('secondFactor.ask') }}</p>
      <app-text-field
        name="second-step-code"
        autocomplete="one-time-code"
        maxlength="40"
        [label]="t('secondFactor.code')"
        [hint]="t('secondFactor.orRecovery')"
        [field]="fields.code"
      />
      <div class="problem" role="alert" data-testid="second-step-problem">
        @if (form.problem(); as sentence) {
          <p>{{ sentence }}</p>
        }
      </div>
      <button
        matButton="filled"
        type="submit"
        [disabled]="form.busy()"
        disabledInteractive
        data-testid="second-step-submit"
      >
        {{ t('login.submit') }}
      </button>
      <button matButton type="button" (click)="back.emit()" data-testid="second-step-back">
        {{ t('secondFactor.back') }}
      </button>
    </form>
  `,
  styleUrl: './login-page.css',
})
export class SecondStepForm implements AfterViewInit {
  readonly ticket = input.required<string>();
  readonly done = output();
  readonly back = output();
  readonly #auth = inject(AuthStore);
  private readonly field = viewChild.required(TextField);
  protected readonly t = inject(Texts).t;
  protected readonly fields = {
    code: new FormField('', (typed) => (typed.trim() ? null : this.t('secondFactor.codeMissing'))),
  };
  protected readonly form = new Submission(this.fields, { SECOND_FACTOR_WRONG: this.fields.code });

  ngAfterViewInit(): void {
    this.field().focus();
  }

  protected send(event: Event): Promise<void> {
    return this.form.run(event, async () => {
      await this.#auth.completeLogin({ ticket: this.ticket(), code: this.fields.code.value().trim() });
      this.done.emit();
    });
  }
}
