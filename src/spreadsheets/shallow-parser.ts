import { Parser, type Handler, type ParserOptions } from 'htmlparser2';
import { refused } from './table.js';

/**
 * Reads markup in which no more than `deepest` tags are open at once. The parser looks at all that are open for every one
 * that opens or ends: a small file of nothing but open tags would take it hours.
 * @throws `VALIDATION_FAILED` naming `file`, while it is written to
 */
export function shallowParser(handler: Partial<Handler>, options: ParserOptions, deepest: number): Parser {
  let depth = 0;
  return new Parser(
    {
      ...handler,
      onopentag: (...tag) => {
        if (++depth > deepest) throw refused('FILE_NOT_CSV');
        handler.onopentag?.(...tag);
      },
      onclosetag: (...tag) => {
        depth -= 1;
        handler.onclosetag?.(...tag);
      },
    },
    options,
  );
}
