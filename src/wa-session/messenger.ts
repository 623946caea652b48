/** What became of one message. */
export type SendOutcome =
  /** WhatsApp has it. */
  | { kind: 'acknowledged' }
  /** WhatsApp refused it; nobody gets it. */
  | { kind: 'refused'; code: string }
  /** For certain nothing of it left this socket: it could not be encrypted or written. */
  | { kind: 'not-sent' }
  /** For certain nothing of it left: it was not let go, or its socket ended before. */
  | { kind: 'held-back' }
  /** It may be on its way: written, or about to be, and unanswered. */
  | { kind: 'uncertain' };

/** A file to send with messages. */
export interface OutgoingMedia {
  kind: 'image' | 'video' | 'document';
  mimeType: string;
  fileName: string;
  content: Buffer;
  /** What a phone shows of a film before it has it. */
  film?: { seconds: number; width: number; height: number; jpegThumbnail?: Buffer };
}

/** A message that is being encrypted, and then waits for a word to leave. */
export interface OutgoingMessage {
  /**
   * Asks `mayLeave` when all is encrypted and its keys are stored, lets it go at once where that says yes, and waits
   * for WhatsApp's answer. Throws only what `mayLeave` throws, after which nothing leaves. Milliseconds.
   */
  leave(mayLeave: () => Promise<boolean>, withinMs: number): Promise<SendOutcome>;
  /** It is not wanted any more; nothing of it leaves. */
  drop(): void;
}

/** A token that this person issued, what the account's own salt makes for one who issued none, or nothing. */
export type Proof = 'token' | 'salt' | 'none';

/** Sends from one outlet, over the socket it has now. Numbers are digits with country code. */
export interface Messenger {
  /** Which of these numbers are on WhatsApp; those it says nothing about are missing. */
  onWhatsApp(numbers: readonly string[]): Promise<Map<string, boolean>>;
  /** Learns devices and keys of these numbers ahead, in few round trips, so that sending needs none. */
  prepare(numbers: readonly string[]): Promise<void>;
  /** Uploads a file; the answer is what each message with it begins with. */
  upload(media: OutgoingMedia): Promise<Uint8Array>;
  /** The exact bytes of a message; the same call twice makes two different ones. */
  compose(text: string, uploaded: Uint8Array | null): Uint8Array;
  /**
   * Begins to make a message of these bytes under this id. One may be made ready while the one before waits for its
   * answer; they leave in the order they were begun.
   */
  begin(number: string, messageId: string, content: Uint8Array): OutgoingMessage;
  /** What messages to this number carry to prove that it may be written to. */
  proofFor(number: string): Promise<Proof>;
}
