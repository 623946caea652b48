import { DOCUMENT, inject, Service, signal } from '@angular/core';
import { Notifier } from '../ui/notifier';
import { OutletApi } from './outlet-api';

/** What can be done to many outlets at once. */
export type BulkVerb = 'connect' | 'pause' | 'resume';

/** How far it is; in outlets. */
interface BulkProgress {
  readonly verb: BulkVerb;
  readonly done: number;
  readonly of: number;
}

const AT_ONCE = 4;

/** The same for many outlets, whatever page is shown meanwhile; only closing the browser's page ends it, which asks first. */
@Service()
export class BulkRuns {
  readonly #api = inject(OutletApi);
  readonly #notifier = inject(Notifier);
  readonly #window = inject(DOCUMENT).defaultView;
  readonly #progress = signal<BulkProgress | null>(null);
  readonly progress = this.#progress.asReadonly();

  /**
   * A few at a time; what went wrong with some does not stop the others. One run at a time.
   * Answers which ones it was done for.
   */
  async run(ids: readonly string[], verb: BulkVerb): Promise<string[]> {
    if (this.#progress() || ids.length === 0) return [];
    this.#progress.set({ verb, done: 0, of: ids.length });
    this.#window?.addEventListener('beforeunload', askBeforeLeaving);
    const left = [...ids];
    const faults: unknown[] = [];
    const done: string[] = [];
    const work = async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        await this.#send(id, verb).then(
          () => done.push(id),
          (fault: unknown) => faults.push(fault),
        );
        this.#progress.update((progress) => progress && { ...progress, done: progress.done + 1 });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this.#window?.removeEventListener('beforeunload', askBeforeLeaving);
    this.#progress.set(null);
    if (done.length === 0) this.#notifier.tellFault(faults[0]);
    else if (faults.length > 0) this.#notifier.tell('bulk.someDone', { done: done.length, failed: faults.length });
    return done;
  }

  async #send(id: string, verb: BulkVerb): Promise<void> {
    if (verb === 'connect') await this.#api.connect(id, { method: 'qr' });
    else await this.#api[verb](id);
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
