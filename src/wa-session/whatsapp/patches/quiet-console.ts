/** What libsignal 6.0.0 prints with session records, private keys included, as arguments or in the message. */
const SIGNAL_CHATTER = [
  'Closing session',
  'Opening session',
  'Removing old closed session',
  'Session already closed',
  'Session already open',
  'Closing open session in favor of',
  'Failed to decrypt message with any known session',
  'Session error:',
  'Decrypted message with closed session',
  'V1 session storage migration error',
  'Migrating session to:',
  'Unhandled bucket type',
  'WARNING: Expected pubkey of length 33',
];

let installed = false;

/** Must run before the first socket: ratchet state belongs in no terminal and no log file. */
export function silenceSignalConsole(): void {
  if (installed) return;
  installed = true;
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const print = console[method].bind(console);
    console[method] = (...parts: unknown[]): void => {
      const [first] = parts;
      if (typeof first === 'string' && SIGNAL_CHATTER.some((chatter) => first.startsWith(chatter))) return;
      print(...parts);
    };
  }
}
