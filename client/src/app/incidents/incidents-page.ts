import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { AddressState, anyText } from '../core/address-state';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { IncidentFeed } from './incident-feed';
import { IncidentRow } from './incident-row';

/** What broke, newest first. */
@Component({
  selector: 'app-incidents-page',
  imports: [EmptyState, Icon, IncidentRow, Loaded, MatButton, RouterLink],
  providers: [AddressState],
  templateUrl: './incidents-page.html',
  styleUrls: ['../ui/lists/row-list.css', './incidents-page.css'],
})
export class IncidentsPage {
  protected readonly feed = inject(IncidentFeed);
  protected readonly t = inject(Texts).t;
  /** Whether they say who else is told. */
  protected readonly mayAlert = inject(AuthStore).managesOutlets;
  /** The one that shows all its outlets. */
  protected readonly shown = inject(AddressState).keep<string | null>('id', null, anyText);

  constructor() {
    this.feed.want();
  }
}
