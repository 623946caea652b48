/** Why Koneksi cannot start, as a sentence for whoever started it: printed without a stack, exit code 1. */
export class StartupFault extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StartupFault';
  }
}
