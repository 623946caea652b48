import { Injectable } from '@angular/core';
import { DefaultTranspiler, type TranspileParams } from '@jsverse/transloco';
import { withPlurals } from './plural';

/** Chooses the words that fit the numbers before anything else is filled in: a name may hold brackets of its own. */
@Injectable()
export class PluralTranspiler extends DefaultTranspiler {
  override transpile({ value, params = {}, ...rest }: TranspileParams): unknown {
    const chosen: unknown = typeof value === 'string' ? withPlurals(value, params) : value;
    return super.transpile({ value: chosen, params, ...rest });
  }
}
