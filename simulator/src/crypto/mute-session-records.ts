/** What libsignal 6 writes to the console; most of these lines carry whole session records, private keys included. */
const SESSION_CHATTER = [
  'Closing session:',
  'Opening session:',
  'Session already closed',
  'Session already open',
  'Removing old closed session:',
  'Closing open session in favor of incoming prekey bundle',
  'Closing stale open session',
  'Decrypted message with closed session.',
  'Failed to decrypt message with any known session...',
  'Session error:',
  'Migrating session to:',
  'V1 session storage migration error:',
  'WARNING: Expected pubkey of length 33',
  'Unhandled bucket type (for naming):',
];

const MUTED = Symbol.for('koneksi.session-records-muted');
const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;

/**
 * libsignal prints ratchet state with private keys through the global console and has no switch for it.
 * Lines that begin with one of its known phrases are dropped, everything else passes; doing it twice is harmless.
 */
export function muteSessionRecords(target: Console = console): void {
  const marked = target as Console & { [MUTED]?: true };
  if (marked[MUTED]) return;
  marked[MUTED] = true;
  for (const method of METHODS) {
    const print = target[method].bind(target);
    target[method] = (...args: unknown[]) => {
      const [first] = args;
      if (typeof first === 'string' && SESSION_CHATTER.some((phrase) => first.startsWith(phrase))) return;
      print(...args);
    };
  }
}
