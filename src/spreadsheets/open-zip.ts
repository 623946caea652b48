import type { Readable } from 'node:stream';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { tooLarge } from './table.js';

/** Parts of a workbook, and all that they may unpack to: a few kilobytes can unpack to gigabytes. */
const MOST_ENTRIES = 2_000;
const MOST_BYTES = 100_000_000;

/** The parts of a ZIP by name. Each is read as a stream, which ends where it unpacks to more than it says. */
export class Zip {
  private left = MOST_BYTES;

  private constructor(
    private readonly file: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** `null` for what is no ZIP, or a damaged one. */
  static async open(bytes: Buffer): Promise<Zip | null> {
    try {
      const file = await promised<ZipFile>((done) => fromBuffer(bytes, { lazyEntries: true, autoClose: false }, done));
      if (file.entryCount > MOST_ENTRIES) throw tooLarge();
      const entries = new Map<string, Entry>();
      await new Promise<void>((resolve, reject) => {
        file.on('entry', (entry: Entry) => {
          entries.set(entry.fileName.replace(/^\//, ''), entry);
          file.readEntry();
        });
        file.once('end', resolve);
        file.once('error', reject);
        file.readEntry();
      });
      return new Zip(file, entries);
    } catch (error) {
      if (error instanceof Error && error.name === 'DomainError') throw error;
      return null;
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Its text, a piece at a time. @throws `IMPORT_TOO_LARGE` */
  async *text(name: string): AsyncGenerator<string> {
    const entry = this.entries.get(name);
    if (!entry) return;
    const stream = await promised<Readable>((done) => this.file.openReadStream(entry, done));
    stream.setEncoding('utf8');
    try {
      for await (const piece of stream as AsyncIterable<string>) {
        this.left -= piece.length;
        if (this.left < 0) throw tooLarge();
        yield piece;
      }
    } finally {
      stream.destroy();
    }
  }
}

function promised<T>(ask: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => ask((error, value) => (error ? reject(error) : resolve(value))));
}
