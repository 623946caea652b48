import { atStatements, atWhatsApp, type KillPoint } from '../stage/kill-point.ts';
import { BlastWatch } from '../stage/blast-watch.ts';
import { readsMail } from '../stage/mail.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import type { Stage } from '../stage/stage.ts';

/** What is under way when the product dies, and what must hold once it is back. */
export interface Phase {
  name: string;
  points: KillPoint[];
  prepare(stage: Stage, round: number): Promise<Scene>;
}

interface Scene {
  outlet: LinkedOutlet;
  work(): Promise<unknown>;
  /** One sentence for each thing that does not hold. */
  check(): Promise<string[]>;
}

const STORE_WRITE = /UPDATE wa_credential SET creds/;
const STATUS_WRITE = /INSERT INTO wa_session/;
const RECIPIENTS = 10;
const IMPORT_LINES = 11_000;

/** The link's rows, and whether it was finished. */
async function linkOf(stage: Stage, { id }: LinkedOutlet): Promise<{ rows: number; linked: boolean }> {
  const rows = await stage.sql<{ linked: boolean }>(
    `SELECT linked_number IS NOT NULL AS linked FROM wa_credential WHERE outlet_id = $1 AND quarantined_at IS NULL`,
    [id],
  );
  return { rows: rows.length, linked: rows[0]?.linked ?? false };
}

async function oneWholeLink(stage: Stage, outlet: LinkedOutlet, mayBeAnew = false): Promise<string[]> {
  const faults: string[] = [];
  const { rows, linked } = await linkOf(stage, outlet);
  if (rows !== 1 || !linked) faults.push(`${rows} rows of credentials, linked: ${linked}`);
  const aside = (await stage.links([outlet])).filter((link) => link.aside);
  if (aside.length > 0 && !mayBeAnew) faults.push('credentials were set aside');
  if (stage.liveConnections(outlet) !== 1) faults.push(`${stage.liveConnections(outlet)} connections`);
  const mail = await readsMail(stage.simulator, outlet, stage.simulator.phone('628999000222'));
  if (mail !== 'read') faults.push(`the next message to it was answered by ${mail}`);
  return faults;
}

/** One outlet serves all rounds that need a link. */
const shared = new WeakMap<Stage, LinkedOutlet>();

async function linkedOutlet(stage: Stage): Promise<LinkedOutlet> {
  const known = shared.get(stage) ?? (await stage.linked(1))[0]!;
  shared.set(stage, known);
  await stage.allHealthy([known]);
  return known;
}

export const pairing: Phase = {
  name: 'pairing',
  points: [
    ...atStatements('the first row', /INSERT INTO wa_credential/, 1),
    ...atStatements('key write', STORE_WRITE, 4),
    ...atStatements('status write', STATUS_WRITE, 5),
    atWhatsApp('registering'),
    atWhatsApp('paired'),
    atWhatsApp('login'),
    atWhatsApp('online'),
  ],
  async prepare(stage) {
    const outlet = await stage.outlet();
    return {
      outlet,
      work: () => stage.link([outlet], 10_000),
      async check() {
        // Our row is committed before WhatsApp hears the phone's yes: killed in between, it never was a link.
        const known = outlet.phone.devices.length;
        const { linked } = await linkOf(stage, outlet);
        if (!linked || known === 0) await stage.link([outlet], 45_000);
        else if (known !== 1) return [`linked, but its phone lists ${known} devices`];
        await stage.allHealthy([outlet]);
        return oneWholeLink(stage, outlet, known === 0);
      },
    };
  },
};

export const login: Phase = {
  name: 'login',
  points: [
    ...atStatements('status write', STATUS_WRITE, 2),
    ...atStatements('key write', STORE_WRITE, 1),
    ...atStatements('credentials read', /SELECT id, wrapped_key, creds/, 1),
    atWhatsApp('connection'),
    atWhatsApp('login'),
    atWhatsApp('online'),
  ],
  async prepare(stage) {
    const outlet = await linkedOutlet(stage);
    return {
      outlet,
      work: async () => outlet.phone.faults.end('drop'),
      async check() {
        await stage.allHealthy([outlet]);
        return oneWholeLink(stage, outlet);
      },
    };
  },
};

export const keyWrite: Phase = {
  name: 'key write',
  points: [
    ...atStatements('key write', STORE_WRITE, 6),
    ...atStatements('key read', /FROM wa_signal_key/, 2),
    atWhatsApp('receipt', 1),
    atWhatsApp('receipt', 3),
  ],
  async prepare(stage, round) {
    const outlet = await linkedOutlet(stage);
    const writers = [0, 1].map((index) =>
      stage.simulator.phone(`6287600${String(round * 2 + index).padStart(6, '0')}`),
    );
    return {
      outlet,
      async work() {
        for (let message = 0; message < 3; message++)
          for (const writer of writers) await writer.send(outlet.number, `Halo ${message}`);
      },
      async check() {
        await stage.allHealthy([outlet]);
        const faults = await oneWholeLink(stage, outlet);
        for (const writer of writers) {
          const mail = await readsMail(stage.simulator, outlet, writer);
          if (mail !== 'read') faults.push(`the next message of a writer was answered by ${mail}`);
        }
        return faults;
      },
    };
  },
};

export const sending: Phase = {
  name: 'send',
  points: [
    ...atStatements('claim or outcome', /WITH asked AS/, 5),
    ...atStatements('contents kept', /UPDATE blast_recipients r SET message_id/, 1),
    ...atStatements('key write', STORE_WRITE, 5),
    atWhatsApp('message', 1),
    atWhatsApp('message', 2),
    atWhatsApp('message', 7),
  ],
  async prepare(stage, round) {
    const outlet = await linkedOutlet(stage);
    const numbers = await stage.contacts(outlet, round * RECIPIENTS, RECIPIENTS);
    let blast: BlastWatch | null = null;
    return {
      outlet,
      async work() {
        blast = await BlastWatch.start(stage, [outlet], numbers);
      },
      async check() {
        if (!blast) return [];
        await stage.allHealthy([outlet]);
        await blast.finished(60_000);
        const { faults, unknown } = await blast.faults();
        if (unknown > 1) faults.push(`one kill left ${unknown} messages unknown`);
        // Who was being written to when it died can read what is written next.
        const next = await BlastWatch.start(stage, [outlet], numbers);
        await next.finished(60_000);
        const after = await next.faults();
        if (after.unknown > 0) faults.push(`${after.unknown} of the next messages are unknown`);
        return [...faults, ...after.faults, ...(await oneWholeLink(stage, outlet))];
      },
    };
  },
};

export const importing: Phase = {
  name: 'import',
  points: [
    ...atStatements('a part of the contacts', /INSERT INTO contacts/, 3),
    ...atStatements('the commit', /^COMMIT/, 1),
  ],
  async prepare(stage, round) {
    const outlet = await stage.outlet();
    const { token, url } = await stage.api();
    const first = 62_811_000_000_00 + round * IMPORT_LINES;
    const lines = Array.from({ length: IMPORT_LINES }, (_, index) => `Orang ${index},${first + index}`);
    const importAll = async (): Promise<void> => {
      const { ok, status } = await fetch(`${url}/api/outlets/${outlet.id}/contacts/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
        body: ['nama,telepon', ...lines].join('\n'),
      });
      if (!ok) throw new Error(`the import answered ${status}`);
    };
    const imported = async (): Promise<number> => {
      const [row] = await stage.sql<{ count: number }>(
        'SELECT count(*)::int AS count FROM contacts WHERE outlet_id = $1',
        [outlet.id],
      );
      return row?.count ?? 0;
    };
    return {
      outlet,
      work: importAll,
      async check() {
        const kept = await imported();
        const faults = kept === 0 || kept === IMPORT_LINES ? [] : [`${kept} of ${IMPORT_LINES} lines were imported`];
        await importAll();
        const after = await imported();
        if (after !== IMPORT_LINES) faults.push(`${after} contacts after importing again`);
        return faults;
      },
    };
  },
};
