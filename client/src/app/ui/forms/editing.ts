import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { MatDialogRef } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { readEdited, type Edited } from '../../core/edited';
import { Notifier } from '../notifier';

/** How a form closes whose reader wants to see what somebody else saved meanwhile. */
export const NEWEST = 'newest';
export type Newest = typeof NEWEST;

/** Opens forms on what is there now, not on what a list told a while ago. */
@Service()
export class Editing {
  readonly #http = inject(HttpClient);
  readonly #notifier = inject(Notifier);

  /** Again for whoever wants the newest. @returns what was saved; nothing where the form was left or never opened */
  async open<Value, Result>(
    path: string,
    show: (edited: Edited<Value>) => MatDialogRef<unknown, Result | Newest>,
  ): Promise<Result | undefined> {
    for (;;) {
      const edited = await readEdited<Value>(this.#http, path).catch((fault: unknown) => {
        this.#notifier.tellFault(fault);
        return null;
      });
      const result = edited ? await firstValueFrom(show(edited).afterClosed()) : undefined;
      if (result !== NEWEST) return result;
    }
  }
}
