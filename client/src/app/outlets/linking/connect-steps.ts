import { Component, computed, inject, input } from '@angular/core';
import type { ConnectRequest } from '@koneksi/contracts/outlets';
import { Texts, type TextKey } from '../../core/texts';
import { StatusSign } from '../../live-status/status-sign';
import { stepStates, type ConnectStage } from './connect-stage';
import { LinkPictures } from './link-pictures';

interface Step {
  name: string;
  title: TextKey;
  hint: TextKey | null;
}

const OPEN: Step = { name: 'open', title: 'connect.stepOpen', hint: 'connect.stepOpenHint' };
const SCAN: Step = { name: 'scan', title: 'connect.stepScan', hint: 'connect.stepScanHint' };
const CODE: Step = { name: 'code', title: 'connect.stepCode', hint: 'connect.stepCodeHint' };
const LINK: Step = { name: 'link', title: 'connect.stepLink', hint: 'connect.stepLinkHint' };
const DONE: Step = { name: 'done', title: 'connect.stepDone', hint: null };

@Component({
  selector: 'app-connect-steps',
  imports: [LinkPictures, StatusSign],
  template: `
    <ol [attr.aria-label]="t('connect.steps')" data-testid="connect-steps">
      @for (step of steps(); track step.name; let index = $index) {
        @let state = states()[index];
        <li
          [attr.data-state]="state"
          [attr.aria-current]="state === 'current' ? 'step' : null"
          [attr.data-testid]="'step-' + step.name"
        >
          <span class="mark" aria-hidden="true">
            @if (state === 'done') {
              <app-status-sign status="CONNECTED" />
            } @else {
              {{ index + 1 }}
            }
          </span>
          <div>
            <span class="title">{{ t(step.title) }}</span>
            @if (step.hint && state !== 'done') {
              <span class="hint muted">{{ t(step.hint) }}</span>
            }
            @if (step.name === 'open' && state === 'current') {
              <app-link-pictures [class.by-code]="method() === 'pairing-code'" [method]="method()" />
            }
          </div>
        </li>
      }
    </ol>
  `,
  styles: `
    ol {
      display: grid;
      gap: 14px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 26px 1fr;
      gap: 12px;
    }
    .mark {
      display: grid;
      place-items: center;
      width: 26px;
      height: 26px;
      border: 1px solid var(--k-outline);
      border-radius: 50%;
      font-size: 0.8125rem;
      font-weight: 600;
      color: var(--k-muted);
    }
    [data-state='current'] .mark {
      border-color: var(--k-accent);
      background: var(--k-accent);
      color: var(--k-on-accent);
    }
    [data-state='done'] .mark {
      border-color: transparent;
      background: var(--k-ok-soft);
      color: var(--k-ok);
    }
    .title {
      display: block;
      line-height: 26px;
    }
    [data-state='current'] .title {
      font-weight: 600;
    }
    [data-state='todo'] .title {
      color: var(--k-muted);
    }
    /* On a phone the code, what to do and the time left are seen together. */
    @media (max-width: 699px) {
      .by-code {
        display: none;
      }
    }
    .hint {
      display: block;
      font-size: 0.8125rem;
    }
  `,
})
export class ConnectSteps {
  readonly stage = input.required<ConnectStage>();
  readonly method = input.required<ConnectRequest['method']>();
  protected readonly t = inject(Texts).t;
  protected readonly steps = computed(() => [OPEN, this.method() === 'qr' ? SCAN : CODE, LINK, DONE]);
  protected readonly states = computed(() => stepStates(this.stage()));
}
