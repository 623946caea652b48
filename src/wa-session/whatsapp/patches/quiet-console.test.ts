import { afterAll, expect, test } from '@jest/globals';
import libsignal from 'libsignal';
import { silenceSignalConsole } from './quiet-console.js';

const { info } = console;
afterAll(() => void (console.info = info));

const SECRET = 'a private key';
const session = (): never =>
  ({ currentRatchet: { ephemeralKeyPair: { privKey: SECRET } }, indexInfo: { closed: -1 } }) as never;

test('bare libsignal prints sessions with their private keys; patched it prints nothing, and others do', () => {
  const printed: unknown[][] = [];
  console.info = (...parts: unknown[]) => void printed.push(parts);
  const record = new (
    libsignal as unknown as { SessionRecord: new () => { closeSession(of: never): void } }
  ).SessionRecord();
  record.closeSession(session());
  expect(JSON.stringify(printed)).toContain(SECRET);

  printed.length = 0;
  silenceSignalConsole();
  record.closeSession(session());
  console.info('Outlet linked');
  expect(printed).toEqual([['Outlet linked']]);
});
