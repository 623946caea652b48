import type { IncomingMessage } from 'node:http';

const named = new WeakMap<IncomingMessage, string>();

/** Of who is not signed in and known all the same: their bodies take turns of their own, whoever else comes from there. */
export function nameSender(request: IncomingMessage, name: string): void {
  named.set(request, name);
}

export function senderOf(request: IncomingMessage): string | null {
  return named.get(request) ?? null;
}
