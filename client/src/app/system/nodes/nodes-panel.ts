import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { ClusterNode } from '@koneksi/contracts/nodes';
import { firstValueFrom } from 'rxjs';
import { Clock } from '../../core/clock';
import { duration } from '../../core/formats';
import { Texts } from '../../core/texts';
import { ConfirmDialog, type Confirmation } from '../../ui/confirm-dialog';
import { Icon } from '../../ui/icon';
import { Loaded } from '../../ui/lists/loaded';
import { Notifier } from '../../ui/notifier';
import { RelativeTime } from '../../ui/relative-time';
import { NodeDesk } from './node-desk';
import { NodeTexts } from './node-texts';

/** Which servers share the outlets, how each fares, and the button by which one hands its outlets over. */
@Component({
  selector: 'app-nodes-panel',
  imports: [Icon, Loaded, MatButton, RelativeTime],
  providers: [NodeDesk],
  templateUrl: './nodes-panel.html',
  styleUrls: ['../../ui/lists/row-list.css', '../../ui/badge.css', './nodes-panel.css'],
})
export class NodesPanel {
  readonly #locale = inject(Texts).locale;
  readonly #now = inject(Clock).now;
  readonly #dialog = inject(MatDialog);
  readonly #bar = inject(MatSnackBar);
  readonly #notifier = inject(Notifier);
  protected readonly desk = inject(NodeDesk);
  protected readonly n = inject(NodeTexts).n;
  protected readonly isAlone = computed(() => this.desk.items()?.length === 1);

  protected nameOf({ url }: ClusterNode): string {
    return url.replace(/^http:\/\//, '');
  }

  protected silenceOf({ beatAgeMs }: ClusterNode): string {
    const length = this.#now() - this.desk.readAt() + (beatAgeMs ?? 0);
    return this.n('row.silent', { length: duration(length, this.#locale()) });
  }

  protected async move(node: ClusterNode, verb: 'drain' | 'undrain'): Promise<void> {
    const name = this.nameOf(node);
    const data: Confirmation = {
      title: this.n(`${verb}.title`, { name }),
      body: this.n(`${verb}.body`, { count: node.outlets }),
      confirm: this.n(`${verb}.action`),
      harmless: true,
    };
    const asked = this.#dialog.open<unknown, Confirmation, boolean>(ConfirmDialog, { panelClass: 'dialog', data });
    if ((await firstValueFrom(asked.afterClosed())) !== true) return;
    try {
      await this.desk.move(node.id, verb);
      this.#bar.open(this.n(`${verb}.done`, { name }), undefined, { duration: 10_000 });
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
  }
}
