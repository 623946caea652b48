import type { Simulator } from '@koneksi/whatsapp-simulator';
import {
  complaintsOf,
  replacedIn,
  type Allowed,
  type PageFact,
  type Recorded,
  type SocketFact,
} from './history-check.ts';
import { SEEN_BY_TRIGGERS, watchRows, type Queries } from './history-triggers.ts';

/**
 * What happened, as the database, WhatsApp and pages saw it, whatever the processes believe. `history-check.ts` says what
 * of it must not be.
 */
export class History {
  private readonly database: Queries;
  readonly sockets: SocketFact[] = [];
  private readonly sent: Recorded['sent'][number][] = [];
  private readonly pages = new Map<string, PageFact[]>();
  /** Who opened a connection, by what its URL says. */
  private readonly openers = new Map<number, string | null>();
  /** Who has the newest socket of a link. */
  private readonly holders = new Map<string, string | null>();

  private constructor(database: Queries) {
    this.database = database;
  }

  /** Watches from now on; WhatsApp too, where there is one. */
  static async watch(database: Queries, simulator?: Pick<Simulator, 'on'>): Promise<History> {
    await watchRows(database);
    const history = new History(database);
    if (simulator) history.watchSockets(simulator);
    return history;
  }

  /** How often a login found another socket of its link open, which WhatsApp then ends. */
  get replaced(): number {
    return replacedIn(this.sockets);
  }

  /** Where a page writes down what it is told. */
  page(name: string): PageFact[] {
    const facts: PageFact[] = [];
    this.pages.set(name, facts);
    return facts;
  }

  /** Everything that must not have happened. */
  async complaints(allowed: Allowed = {}): Promise<string[]> {
    // What left before we read was claimed before it left.
    const [sent, sockets] = [[...this.sent], [...this.sockets]];
    const rows = await Promise.all(
      Object.entries(SEEN_BY_TRIGGERS).map(async ([name, sql]) => [name, await this.database.query(sql)] as const),
    );
    const seen = Object.fromEntries(rows) as unknown as Pick<Recorded, keyof typeof SEEN_BY_TRIGGERS>;
    return complaintsOf({ sockets, sent, pages: this.pages, ...seen }, allowed);
  }

  private watchSockets(simulator: Pick<Simulator, 'on'>): void {
    const note = (kind: SocketFact['kind'], connection: number, number: string, device: number, at: number): void => {
      const [link, node] = [`${number}:${device}`, this.openers.get(connection) ?? null];
      if (kind === 'open') this.holders.set(link, node);
      this.sockets.push({ kind, link, number, connection, node, at });
    };
    simulator.on('connection', ({ connection, query }) => {
      this.openers.set(connection, new URLSearchParams(query).get('node'));
    });
    simulator.on('login', ({ connection, number, device, at }) => note('open', connection, number, device, at));
    simulator.on('online', ({ connection, number, device, at }) => note('online', connection, number, device, at));
    simulator.on('disconnected', ({ connection, number, device, at }) => {
      if (number !== null && device !== null) note('close', connection, number, device, at);
      this.openers.delete(connection);
    });
    simulator.on('message', ({ id, number, device, error }) => {
      if (error === undefined) this.sent.push({ id, node: this.holders.get(`${number}:${device}`) ?? null });
    });
  }
}
