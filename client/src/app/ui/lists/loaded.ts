import { Component, inject, input, type Signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ApiFault } from '../../core/api-fault';
import { FaultSentence } from '../../core/fault-sentence';
import { Texts } from '../../core/texts';
import { EmptyState } from './empty-state';
import { NearEnd } from './near-end';
import { SkeletonRows } from './skeleton-rows';

/** What is asked of the server: `null` until it has answered. */
interface Asked {
  readonly items: Signal<unknown>;
  readonly fault: Signal<ApiFault | null>;
  load(): unknown;
  /** Whether there is more than was shown yet; it is asked for when its end comes near. */
  readonly hasMore?: boolean;
  loadMore?(): unknown;
  /** Why it does not go on. */
  readonly moreFault?: Signal<ApiFault | null>;
}

/** What a page shows (projected), once it is there; why not and a way to ask again, where the server did not answer. */
@Component({
  selector: 'app-loaded',
  imports: [EmptyState, MatButton, NearEnd, SkeletonRows],
  template: `
    @if (from().fault(); as fault) {
      <div class="panel" [attr.data-testid]="failedId()">
        <app-empty-state icon="warning" [heading]="failed()" [body]="sentence.of(fault)">
          <button matButton="filled" (click)="from().load()">{{ t('common.retry') }}</button>
        </app-empty-state>
      </div>
    } @else if (from().items()) {
      <ng-content />
      @if (from().hasMore) {
        @if (from().moreFault?.(); as fault) {
          <p role="alert" class="more">
            {{ sentence.of(fault) }}
            <button matButton (click)="from().loadMore?.()">{{ t('common.retry') }}</button>
          </p>
        } @else {
          <div (appNearEnd)="from().loadMore?.()"></div>
        }
      }
    } @else {
      <div class="panel"><app-skeleton-rows /></div>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .more {
      margin-block-start: 8px;
      color: var(--k-danger);
    }
  `,
})
export class Loaded {
  readonly from = input.required<Asked>();
  /** The heading where it could not be loaded. */
  readonly failed = input.required<string>();
  readonly failedId = input<string>();
  protected readonly sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;
}
