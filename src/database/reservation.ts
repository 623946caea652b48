/** What keeps the database to this process, or to it and others that know of each other. */
export abstract class Reservation {
  /** Asks the database, for the connection that reserves it may be dead without a word. */
  abstract holds(): Promise<boolean>;
}

/** Of a database that nobody else can have. */
export const UNDISPUTED: Reservation = { holds: () => Promise.resolve(true) };
