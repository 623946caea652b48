/** What became of one message. */
export type SendOutcome =
  /** WhatsApp has it. */
  | { kind: 'acknowledged' }
  /** WhatsApp refused it; nobody gets it. */
  | { kind: 'refused'; code: string }
  /** For certain nothing of it left this socket. */
  | { kind: 'not-sent' }
  /** It may be on its way: written, or about to be, and unanswered. */
  | { kind: 'uncertain' };

/** A file to send with messages. */
export interface OutgoingMedia {
  kind: 'image' | 'document';
  mimeType: string;
  fileName: string;
  content: Buffer;
}

/** What WhatsApp says of starting chats. Milliseconds since the epoch; `null` where there is no limit. */
export interface NewChatLimits {
  restrictedUntil: number | null;
  newChatsLeft: number | null;
}

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
  /** Sends these bytes under this id and waits for WhatsApp's answer. Never throws. Milliseconds. */
  send(number: string, messageId: string, content: Uint8Array, withinMs: number): Promise<SendOutcome>;
  newChatLimits(): Promise<NewChatLimits>;
}
