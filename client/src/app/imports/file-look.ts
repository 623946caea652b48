import { computed, inject, signal } from '@angular/core';
import { FaultSentence } from '../core/fault-sentence';

interface Ways<Said, Preview, Result> {
  /** Changes nothing. `before`: how it was read last, `null` at first. */
  readonly look: (file: Blob, said: Partial<Said>, before: Preview | null) => Promise<Preview>;
  readonly commit: (file: Blob, said: Partial<Said>, preview: Preview) => Promise<Result>;
}

/** A file that is looked at as often as people like, each time read as they say, and then taken in. */
export class FileLook<Said extends object, Preview, Result = Preview> {
  readonly #sentence = inject(FaultSentence);
  readonly #file = signal<Blob>(new Blob());
  /** How many files were looked at: what was said of one holds for it alone. */
  readonly #turn = signal(0);
  readonly #said = signal<Partial<Said>>({});
  readonly #preview = signal<Preview | null>(null);
  readonly #result = signal<Result | null>(null);
  readonly #busy = signal<'reading' | 'committing' | null>(null);
  readonly #problem = signal<string | null>(null);
  readonly fileName = signal('');
  readonly said = this.#said.asReadonly();
  readonly preview = this.#preview.asReadonly();
  readonly result = this.#result.asReadonly();
  readonly busy = this.#busy.asReadonly();
  readonly problem = this.#problem.asReadonly();
  /** The preview, with an id for as long as it is of the same file. */
  readonly reading = computed(() => ({ ...this.#preview()!, id: String(this.#turn()) }));

  constructor(private readonly ways: Ways<Said, Preview, Result>) {}

  async begin(file: Blob, name: string): Promise<void> {
    if (this.#busy()) return;
    this.#file.set(file);
    this.fileName.set(name);
    this.#turn.update((turn) => turn + 1);
    this.#preview.set(null);
    await this.look({});
  }

  /** What is not said is guessed anew: read otherwise, the columns are others. */
  look(said: Partial<Said>): Promise<void> {
    return this.#while('reading', async () => {
      this.#preview.set(await this.ways.look(this.#file(), said, this.#preview()));
      this.#said.set(said);
    });
  }

  commit(): Promise<void> {
    return this.#while('committing', async () =>
      this.#result.set(await this.ways.commit(this.#file(), this.#said(), this.#preview()!)),
    );
  }

  startOver(): void {
    this.#preview.set(null);
    this.#problem.set(null);
  }

  async #while(doing: 'reading' | 'committing', work: () => Promise<void>): Promise<void> {
    if (this.#busy()) return;
    this.#busy.set(doing);
    this.#problem.set(null);
    try {
      await work();
    } catch (thrown) {
      this.#problem.set(this.#sentence.inFull(thrown));
    } finally {
      this.#busy.set(null);
    }
  }
}
