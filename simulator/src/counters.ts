/** What the simulator counts, since it was started. */
export type CounterName =
  | 'upgrades'
  | 'upgradesRefused'
  | 'handshakes'
  | 'registrations'
  | 'pairings'
  | 'codesRefused'
  | 'unlinks'
  | 'logins'
  | 'loginsRefused'
  | 'loginsThrottled'
  | 'replaced'
  | 'pings'
  | 'iqs'
  | 'iqsUnanswered'
  | 'preKeyUploads'
  | 'keysHandedOut'
  | 'messagesIn'
  | 'messagesOut'
  | 'acks'
  | 'negativeAcks'
  | 'receiptsIn'
  | 'receiptsOut'
  | 'retriesIn'
  | 'retriesOut'
  | 'decrypted'
  | 'undecryptable'
  | 'statusesRefused'
  | 'tokensIssued'
  | 'mediaUploads'
  | 'mediaDownloads'
  | 'historyDownloads'
  | 'malformed'
  | 'junkFrames'
  | 'disconnects';

export class Counters {
  private readonly counts = new Map<CounterName, number>();

  add(name: CounterName, amount = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + amount);
  }

  snapshot(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }
}
