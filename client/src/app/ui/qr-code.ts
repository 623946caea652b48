import { Component, computed, input } from '@angular/core';
import { encode } from 'uqr';

/** Quiet zone that scanners need around the code, in modules. */
const QUIET = 4;

/** Black on white in every theme: cameras want it so. One path, so that the next code replaces it in one step. */
@Component({
  selector: 'app-qr-code',
  template: `
    <svg [attr.viewBox]="drawn().viewBox" role="img" [attr.aria-label]="label()" shape-rendering="crispEdges">
      <path [attr.d]="drawn().path" />
    </svg>
  `,
  styles: `
    :host {
      display: block;
      background: #fff;
      border-radius: 8px;
    }
    svg {
      display: block;
      width: 100%;
    }
    path {
      fill: #000;
    }
  `,
})
export class QrCode {
  readonly text = input.required<string>();
  readonly label = input.required<string>();

  protected readonly drawn = computed(() => {
    const { data, size } = encode(this.text(), { ecc: 'L', border: 0 });
    const path = data.flatMap((line, y) => line.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join('');
    return { path, viewBox: `${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}` };
  });
}
