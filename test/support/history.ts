import type { Simulator } from '@koneksi/whatsapp-simulator';
import type { DataSource } from 'typeorm';
import { watchRows } from './history-triggers.js';

interface Sent {
  id: string;
  to: string;
}

/**
 * What happened, as the database and WhatsApp saw it, whatever the processes believe: no row is written but by who owns
 * its outlet under the newest claim and holds that until the commit, no message leaves without a committed claim or
 * twice, none goes back in line under another claim, and no link has two sockets at once.
 */
export class History {
  private readonly sent: Sent[] = [];
  private readonly open = new Map<string, number>();
  /** How often a login found another socket of its link open, which WhatsApp then ends. */
  replaced = 0;

  private constructor(private readonly dataSource: DataSource) {}

  /** Watches from now on; WhatsApp too, where there is one. */
  static async watch(dataSource: DataSource, simulator?: Pick<Simulator, 'on'>): Promise<History> {
    await watchRows(dataSource);
    const history = new History(dataSource);
    simulator?.on('message', ({ id, to, error }) => {
      if (error === undefined) history.sent.push({ id, to });
    });
    simulator?.on('login', ({ connection, number, device }) => {
      const link = `${number}:${device}`;
      if (history.open.has(link)) history.replaced++;
      history.open.set(link, connection);
    });
    simulator?.on('disconnected', ({ connection, number, device }) => {
      if (history.open.get(`${number}:${device}`) === connection) history.open.delete(`${number}:${device}`);
    });
    return history;
  }

  /**
   * Everything that must not have happened. The next socket of a process that stands still ends the one it had, which is
   * no fault: so many it `mayReplace`. A message that somebody sends as a test is nobody's in a blast.
   */
  async complaints({ mayReplace = 0, tests = [] as readonly string[] } = {}): Promise<string[]> {
    const rows = await this.dataSource.query<{ what: string; detail: string }[]>(
      'SELECT what, detail FROM history.complaint ORDER BY id',
    );
    const taken = await this.dataSource.query<{ message_id: string }[]>('SELECT message_id FROM history.taken');
    const claims = Map.groupBy(taken, ({ message_id: id }) => id);
    const leavings = Map.groupBy(this.sent, ({ id }) => id);
    return [
      ...rows.map(({ what, detail }) => `${what}: ${detail}`),
      ...(this.replaced > mayReplace ? [`two sockets of one link: ${this.replaced}`] : []),
      ...[...leavings.keys()].flatMap((id) =>
        claims.has(id) || tests.includes(id) ? [] : [`left without a claim: ${id}`],
      ),
      ...[...leavings].flatMap(([id, { length }]) => (length > 1 ? [`left ${length} times: ${id}`] : [])),
    ];
  }
}
