import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';

/** Baileys keeps a timer of 30 s after its socket has ended; nothing else may outlive the tests. */
const GRACE_MS = 45_000;

/** Ends a run whose tests have ended, whatever they left behind, and names that: it must not hang for hours unseen. */
export function endWithTests(): void {
  setTimeout(() => {
    process.stderr.write(`Still alive ${GRACE_MS / 1_000} s after the last test, because of:\n${leftovers()}\n`);
    // With the code that Jest has set.
    process.exit();
  }, GRACE_MS).unref();
}

function leftovers(): string {
  const handles = (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();
  const resources = process.getActiveResourcesInfo();
  return [...new Set([...handles.map(nameOf), ...resources])].map((name) => `  ${name}`).join('\n');
}

function nameOf(handle: object): string {
  const { name } = handle.constructor;
  if ('spawnargs' in handle) return `${name} ${(handle as ChildProcess).spawnargs.join(' ')}`;
  if ('remotePort' in handle) {
    const { localPort, remotePort } = handle as Socket;
    return `${name} ${localPort} to ${remotePort}`;
  }
  return name;
}
