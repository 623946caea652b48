// The product in a process of the benchmark's, whose care for idle links is called with the time of whoever asks.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../paths.ts';
import { serve } from './serve.ts';

interface LinkCare {
  round(now: number): Promise<void>;
}
interface AppModule {
  startApp(options: { env: NodeJS.ProcessEnv; logTo: { write(line: string): void } }): Promise<{
    url: string;
    app: { get(token: unknown, options: { strict: false }): LinkCare };
    stop(): Promise<void>;
  }>;
}

const built = async <T>(path: string): Promise<T> =>
  (await import(pathToFileURL(join(root, 'dist/src', path)).href)) as T;

let running: Awaited<ReturnType<AppModule['startApp']>> | undefined;
let care: LinkCare | undefined;

const methods = {
  async start(env: Record<string, string>): Promise<string> {
    const app = await built<AppModule>('app.js');
    const { LinkCare } = await built<{ LinkCare: unknown }>('wa-session/link-care.js');
    running = await app.startApp({ env: { ...process.env, ...env }, logTo: { write: () => undefined } });
    care = running.app.get(LinkCare, { strict: false });
    return running.url;
  },
  /** One look at every link, as of then. Milliseconds since the epoch. */
  async careAt(now: number): Promise<void> {
    await care?.round(now);
  },
  async stop(): Promise<void> {
    await running?.stop();
  },
};

export type CaredProductMethods = typeof methods;

serve(methods, () => void methods.stop().finally(() => process.exit(0)));
