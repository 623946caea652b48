/** What a phone has to share with a companion that links (rmyndharis/OpenWA#456 counted 12,270 messages). */
export interface HistoryOptions {
  /** How many people it wrote with. */
  conversations: number;
  /** How many messages in all. */
  messages: number;
  /** Whether the newest of each conversation comes within the notification, as small ones do, or as a file. Default false. */
  inline?: boolean;
}

/** One part of a shared history. */
export interface HistoryFile {
  syncType: 'INITIAL_BOOTSTRAP' | 'PUSH_NAME' | 'RECENT' | 'FULL';
  messages: number;
  /** Of the file as it is downloaded, or of what the notification holds. */
  bytes: number;
  /** Null for what came within the notification. */
  directPath: string | null;
}
