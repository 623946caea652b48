import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { AlertApi } from '../alerts/alert-api';
import { AuthStore } from '../core/auth-store';
import { Texts, type TextKey } from '../core/texts';
import { NameOrder } from '../live-status/name-order';
import { ConnectOpener } from '../outlets/linking/connect-opener';
import { OutletAdder } from '../outlets/outlet-adder';
import { Icon } from '../ui/icon';
import { UserApi } from '../users/user-api';
import { countLinked, firstToLink } from './linked';

type StepName = 'outlet' | 'link' | 'staff' | 'alerts';

interface Step {
  readonly name: StepName;
  readonly isDone: boolean;
  /** Where it is done, if not here. */
  readonly path?: string;
}

const TEXTS: Record<StepName, { title: TextKey; why: TextKey; act: TextKey }> = {
  outlet: { title: 'firstSteps.outlet', why: 'firstSteps.outletWhy', act: 'outlets.add' },
  link: { title: 'firstSteps.link', why: 'firstSteps.linkWhy', act: 'outlets.connect' },
  staff: { title: 'firstSteps.staff', why: 'firstSteps.staffWhy', act: 'users.add' },
  alerts: { title: 'firstSteps.alerts', why: 'firstSteps.alertsWhy', act: 'firstSteps.alertsAct' },
};

/** Whoever linked so many found their way. */
const ENOUGH = 10;

/** What a new chain does first, each step ticked by what is so; gone once all are. */
@Component({
  selector: 'app-first-steps',
  imports: [Icon, MatButton, RouterLink],
  template: `
    @if (open()) {
      <section [attr.aria-label]="t('firstSteps.title')" data-testid="first-steps">
        <h2>{{ t('firstSteps.title') }}</h2>
        <p class="muted">{{ t('firstSteps.done', { done: done(), all: steps().length }) }}</p>
        <ol>
          @for (step of steps(); track step.name) {
            <li [class.done]="step.isDone" [attr.data-testid]="'step-' + step.name" [attr.data-done]="step.isDone">
              <app-icon [name]="step.isDone ? 'check' : 'clock'" />
              <span>
                <strong>{{ t(texts[step.name].title) }}</strong>
                <span class="muted">{{ step.isDone ? t('firstSteps.isDone') : t(texts[step.name].why) }}</span>
              </span>
              @if (!step.isDone && step.path) {
                <a matButton="outlined" [routerLink]="step.path" [attr.data-testid]="'begin-' + step.name">{{
                  t(texts[step.name].act)
                }}</a>
              } @else if (!step.isDone) {
                <button
                  matButton="outlined"
                  [disabled]="step.name === 'link' && !toLink()"
                  disabledInteractive
                  (click)="begin(step.name)"
                  [attr.data-testid]="'begin-' + step.name"
                >
                  {{ t(texts[step.name].act) }}
                </button>
              }
            </li>
          }
        </ol>
      </section>
    }
  `,
  styles: `
    section {
      display: grid;
      gap: 4px;
      margin-block-start: 16px;
      padding: 16px;
      border: 1px solid var(--k-border);
      border-radius: var(--k-radius);
      background: var(--k-surface);
    }
    h2 {
      font-size: 1rem;
      font-weight: 600;
    }
    ol {
      margin: 8px 0 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 24px minmax(0, 1fr) auto;
      align-items: center;
      gap: 12px;
      min-height: 56px;
      padding-block: 6px;
      border-top: 1px solid var(--k-border);
    }
    li > span {
      display: grid;
    }
    .muted {
      font-size: 0.8125rem;
    }
    @media print {
      section {
        display: none;
      }
    }
    .done app-icon {
      color: var(--k-ok);
    }
  `,
})
export class FirstSteps {
  readonly #auth = inject(AuthStore);
  readonly #rows = inject(NameOrder).rows;
  readonly #adder = inject(OutletAdder);
  readonly #connect = inject(ConnectOpener);
  protected readonly t = inject(Texts).t;
  protected readonly texts = TEXTS;

  /** `null` until the server has told, and where it does not. */
  readonly #hasStaff = signal<boolean | null>(null);
  readonly #hasRules = signal<boolean | null>(null);
  readonly #linked = computed(() => countLinked(this.#rows()));
  protected readonly toLink = computed(() => firstToLink(this.#rows()));

  protected readonly steps = computed((): Step[] => [
    { name: 'outlet', isDone: this.#rows().length > 0 },
    { name: 'link', isDone: this.#linked() > 0 },
    ...(this.#auth.managesUsers()
      ? [{ name: 'staff' as const, isDone: this.#hasStaff() === true, path: '/users' }]
      : []),
    { name: 'alerts', isDone: this.#hasRules() === true, path: '/alerts' },
  ]);
  protected readonly done = computed(() => this.steps().filter(({ isDone }) => isDone).length);
  protected readonly open = computed(() => {
    const isKnown = this.#hasRules() !== null && (this.#hasStaff() !== null || !this.#auth.managesUsers());
    return isKnown && this.done() < this.steps().length && this.#linked() < ENOUGH;
  });

  constructor() {
    void inject(AlertApi)
      .rules()
      .then(
        (rules) => this.#hasRules.set(rules.length > 0),
        () => undefined,
      );
    if (!this.#auth.managesUsers()) return;
    void inject(UserApi)
      .list()
      .then(
        (users) => this.#hasStaff.set(users.length > 1),
        () => undefined,
      );
  }

  protected begin(step: StepName): void {
    const outlet = this.toLink();
    if (step === 'outlet') void this.#adder.add();
    else if (outlet) void this.#connect.open(outlet.id);
  }
}
