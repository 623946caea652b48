import { NgComponentOutlet } from '@angular/common';
import { Component, effect, input, signal, type Type } from '@angular/core';
import type { DemoParts } from '../core/demo-part-types';
import { DEMO_PARTS } from '../core/demo-parts';

/** A place that only the demo fills. */
@Component({
  selector: 'app-demo-part',
  imports: [NgComponentOutlet],
  template: `<ng-container *ngComponentOutlet="component(); inputs: inputs()" />`,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class DemoPart {
  readonly part = input.required<keyof DemoParts>();
  readonly inputs = input<Record<string, unknown>>({});
  protected readonly component = signal<Type<unknown> | null>(null);

  constructor() {
    effect(() => {
      void DEMO_PARTS?.[this.part()]().then((component) => this.component.set(component));
    });
  }
}
