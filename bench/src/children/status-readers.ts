import { Agent, get } from 'node:http';
import { now } from '../clock.ts';
import { summarise, type Summary } from '../statistics.ts';
import { serve } from './serve.ts';

export interface Reading {
  url: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
}

export interface ReadingResult {
  perSecond: number;
  /** Milliseconds. */
  durations: Summary;
  /** Of one body as it came. */
  bytes: number;
  /** How often each status code came. */
  codes: Record<number, number>;
}

const methods = {
  /** As fast as so many connections can ask, each for its next answer once it has one whole. */
  async read({ url, headers, connections, seconds }: Reading): Promise<ReadingResult> {
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const durations: number[] = [];
    const codes: Record<number, number> = {};
    let bytes = 0;
    const begun = now();
    const end = begun + seconds * 1_000;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (now() < end) {
          const askedAt = now();
          const answer = await once(url, agent, headers);
          durations.push(now() - askedAt);
          codes[answer.code] = (codes[answer.code] ?? 0) + 1;
          ({ bytes } = answer);
        }
      }),
    );
    agent.destroy();
    const perSecond = durations.length / ((now() - begun) / 1_000);
    return { perSecond, durations: summarise(durations), bytes, codes };
  },
};

export type StatusReaderMethods = typeof methods;

function once(url: string, agent: Agent, headers: Record<string, string>): Promise<{ code: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.once('end', () => resolve({ code: response.statusCode ?? 0, bytes }));
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}

serve(methods);
