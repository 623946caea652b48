import type { Env } from './env.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Which browser pages may talk to us. A client that sends no `Origin` is no browser and is judged by its token alone. */
export class AllowedOrigins {
  private allowed: ReadonlySet<string>;
  private origins: readonly string[];

  constructor(private readonly http: Env['http']) {
    this.listensOn(http.port);
  }

  /** With `PORT=0` the port is known only once we listen. */
  listensOn(port: number): void {
    this.origins = this.http.publicOrigins ?? [`http://localhost:${port}`];
    this.allowed = new Set(this.origins.flatMap(equalOrigins));
  }

  /** The address under which people open the product. */
  get home(): string {
    return this.origins[0]!;
  }

  allows(origin: string | undefined): boolean {
    return origin === undefined || this.allowed.has(origin);
  }
}

/** The names of this very machine are one place to people, and three to browsers. */
function equalOrigins(origin: string): string[] {
  const url = new URL(origin);
  if (!LOOPBACK_NAMES.includes(url.hostname)) return [origin];
  const port = url.port && `:${url.port}`;
  return LOOPBACK_NAMES.map((name) => `${url.protocol}//${name}${port}`);
}
