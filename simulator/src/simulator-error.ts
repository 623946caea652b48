/** Why the simulator refused something. Every code has one meaning; the message is a sentence for people. */
export type SimulatorErrorCode =
  /** The host to listen on is not loopback and `allowRemote` was not given. */
  | 'REMOTE_REFUSED'
  /** The port cannot be listened on (taken, or not permitted). */
  | 'PORT_UNAVAILABLE'
  /** The data file exists but is not one this simulator wrote. */
  | 'DATA_FILE_UNREADABLE'
  /** A phone number must be 5 to 15 digits. */
  | 'NUMBER_INVALID'
  /** The scanned text is not a linking QR. */
  | 'QR_MALFORMED'
  /** No open registration shows this QR (any more). */
  | 'QR_EXPIRED'
  /** The QR's keys are not those of the client that shows it. */
  | 'QR_MISMATCH'
  /** The phone is switched off. */
  | 'PHONE_OFFLINE'
  /** The phone already has as many linked devices as WhatsApp allows. */
  | 'TOO_MANY_DEVICES'
  /** WhatsApp does not let the phone link this client; the client is not told. */
  | 'LINKING_REFUSED'
  /** The account needs a passkey, and it was not used in time. */
  | 'PASSKEY_EXPIRED'
  /** A page of another site asked for a passkey, or the account has none. */
  | 'PASSKEY_REFUSED'
  /** The companion left, or answered with a signature that does not verify. */
  | 'DEVICE_REFUSED'
  /** No companion has asked to be linked to this number by code. */
  | 'CODE_NOT_EXPECTED'
  /** The code was asked for longer ago than codes last. */
  | 'CODE_EXPIRED'
  /** The companion proved to hold another code than the one typed. */
  | 'CODE_WRONG'
  /** The phone has no linked device with this id. */
  | 'DEVICE_UNKNOWN'
  /** The number has no WhatsApp account. */
  | 'NOT_REGISTERED'
  /** The fault cannot be injected as asked. */
  | 'FAULT_INVALID'
  /** A history without messages, or without anybody they could be with. */
  | 'HISTORY_INVALID'
  /** The simulator's clock cannot be put so. */
  | 'TIME_INVALID'
  /** The simulator was stopped meanwhile. */
  | 'STOPPED';

/** The one error type this package throws on purpose. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';

  constructor(
    readonly code: SimulatorErrorCode,
    message: string,
  ) {
    super(message);
  }
}
