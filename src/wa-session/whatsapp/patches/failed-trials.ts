import libsignal from 'libsignal';

interface Session {
  serialize(): object;
  constructor: { deserialize(data: object): Session };
}

type Trial = (this: unknown, message: Uint8Array, session: Session | undefined) => Promise<Uint8Array>;

let installed = false;

/**
 * libsignal 6.0.0 tries a message with each session it has with a device, and one it does not fit is left changed: its
 * ratchet has stepped to a stranger's key, and what is sent with it next nobody can read. Two who write first to each
 * other at once have two sessions. So a session that was tried in vain is put back as it was.
 */
export function undoFailedTrials(): void {
  if (installed) return;
  installed = true;
  const cipher = libsignal.SessionCipher.prototype as unknown as { doDecryptWhisperMessage: Trial };
  const original = cipher.doDecryptWhisperMessage;
  cipher.doDecryptWhisperMessage = async function (message, session) {
    const before = session?.serialize();
    try {
      return await original.call(this, message, session);
    } catch (error) {
      if (session && before) Object.assign(session, session.constructor.deserialize(before));
      throw error;
    }
  };
}
