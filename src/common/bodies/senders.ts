import type { IncomingMessage } from 'node:http';

/** Who is not signed in and known all the same, by what they come with. */
export interface Sender {
  browser: string;
  /** What all browsers that know it share. */
  account: string;
}

const named = new WeakMap<IncomingMessage, Sender>();

/** Their bodies take turns of their own, whoever else comes from there. */
export function nameSender(request: IncomingMessage, sender: Sender): void {
  named.set(request, sender);
}

export function senderOf(request: IncomingMessage): Sender | null {
  return named.get(request) ?? null;
}
