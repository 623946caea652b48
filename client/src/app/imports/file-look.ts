import { computed, signal } from '@angular/core';

/** A file that is looked at as often as people like, each time read as they say, and then taken in. */
export class FileLook<Said extends object, Result> {
  readonly #file = signal<Blob>(new Blob());
  /** How many files were looked at: what was said of one holds for it alone. */
  readonly #turn = signal(0);
  readonly #said = signal<Partial<Said>>({});
  readonly #preview = signal<Result | null>(null);
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

  /** `send` what was said of the file; with `looks` nothing is changed. `explain` a fault in a sentence. */
  constructor(
    private readonly send: (file: Blob, said: Partial<Said>, looks: boolean) => Promise<Result>,
    private readonly explain: (thrown: unknown) => string,
  ) {}

  async begin(file: Blob, name: string): Promise<void> {
    if (this.#busy()) return;
    this.#file.set(file);
    this.fileName.set(name);
    this.#turn.update((turn) => turn + 1);
    await this.look({});
  }

  look(said: Partial<Said>): Promise<void> {
    return this.#while('reading', async () => {
      this.#preview.set(await this.send(this.#file(), said, true));
      this.#said.set(said);
    });
  }

  commit(): Promise<void> {
    return this.#while('committing', async () => this.#result.set(await this.send(this.#file(), this.#said(), false)));
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
      this.#problem.set(this.explain(thrown));
    } finally {
      this.#busy.set(null);
    }
  }
}
