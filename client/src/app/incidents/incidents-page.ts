import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { AddressState, anyText } from '../core/address-state';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { EmptyState } from '../ui/empty-state';
import { NearEnd } from '../ui/near-end';
import { SkeletonRows } from '../ui/skeleton-rows';
import { IncidentFeed } from './incident-feed';
import { IncidentRow } from './incident-row';

/** What broke, newest first. */
@Component({
  selector: 'app-incidents-page',
  imports: [EmptyState, IncidentRow, MatButton, NearEnd, SkeletonRows],
  providers: [AddressState],
  templateUrl: './incidents-page.html',
  styleUrls: ['../ui/row-list.css', './incidents-page.css'],
})
export class IncidentsPage {
  protected readonly feed = inject(IncidentFeed);
  protected readonly sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;
  /** The one that shows all its outlets. */
  protected readonly shown = inject(AddressState).keep<string | null>('id', null, anyText);

  constructor() {
    this.feed.want();
  }
}
