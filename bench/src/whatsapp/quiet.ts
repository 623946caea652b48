import pg from 'pg';
import { until } from '../clock.ts';
import { sendBlast } from '../blast/product-blast.ts';
import { databaseUrl } from '../product/database-url.ts';
import { notOurs } from './not-ours.ts';
import { none, pause, say, type Found, type Part } from './part.ts';
import { Stage } from './stage.ts';

const HELD_MS = 1_500;
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

export const quiet: Part = {
  name: 'quiet',
  about: 'presences that are not ours over messages, uploads and reconnects',
  run,
};

async function run(isQuick: boolean): Promise<Found> {
  const [messages, uploads, reconnects] = isQuick ? [100, 5, 3] : [10_000, 100, 50];
  const outlets = isQuick ? 1 : 10;
  const began = new Date();
  const stage = await Stage.open(outlets, 0, { BLAST_PACE_MS: '0-0' });
  const { api, simulator, subscriber } = stage;
  const numbers = Array.from({ length: messages }, (_, index) => `62857${String(1_000_000 + index)}`);
  await simulator.call.register(numbers);
  for (let from = 0; from < messages; from += 1_000) {
    say(`${from} of ${messages} messages`);
    await sendBlast(api, subscriber, numbers.slice(from, from + 1_000), outlets);
  }
  await sendFiles(stage, uploads, numbers[0]!);
  for (let round = 0; round < reconnects; round++) {
    const { id, whatsappNumber } = stage.outlets[round % outlets]!;
    await pause(HELD_MS);
    const back = stage.back(id);
    back.catch(() => undefined);
    await simulator.call.drop([whatsappNumber]);
    await back;
  }
  await pause(HELD_MS);
  const { said, logins } = await heard(stage);
  const pulses = await pulsesSince(stage, began);
  const uploaded = (await simulator.call.counters()).mediaUploads ?? 0;
  await stage.close();
  const foreign = notOurs({ said, logins, pulses });
  const of = `in ${messages} messages, ${uploaded} uploads and ${reconnects} reconnects`;
  return {
    targets: [
      none('presences without a type', foreign.typeless, of),
      none('`available` beyond our pulses', foreign.available, of),
      none('`unavailable` beyond one after each login and pulse', foreign.unavailable, of),
      none('presences of another type', foreign.unknown, of),
    ],
    details: { said, logins, pulses, uploaded, messages, reconnects },
  };
}

/** One file, sent again and again to one person: each is uploaded anew. */
async function sendFiles({ api, outlets }: Stage, count: number, phone: string): Promise<void> {
  const answer = await fetch(`${api.url}/api/blasts/media?fileName=daftar-harga.pdf`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/octet-stream' },
    body: PDF,
  });
  const { id: mediaId } = (await answer.json()) as { id: string };
  for (let index = 0; index < count; index++) {
    const outletId = outlets[index % outlets.length]!.id;
    await api.post('/blasts/test', { outletId, phone, message: 'Daftar harga', mediaId });
  }
}

/** How often the product showed a link as used: it keeps when it last did, and does so once a night. */
async function pulsesSince({ server }: Stage, began: Date): Promise<number> {
  const client = new pg.Client(await databaseUrl(server.dataDir));
  await client.connect();
  const sql = 'SELECT count(*)::int AS pulses FROM wa_session WHERE pulsed_at >= $1';
  const { rows } = await client.query<{ pulses: number }>(sql, [began]);
  await client.end();
  return rows[0]!.pulses;
}

/** What all accounts' companions said since this WhatsApp began, and how often they logged in; once all was told. */
async function heard({ simulator, outlets }: Stage): Promise<{ said: Record<string, number>; logins: number }> {
  const logins = (await simulator.call.counters()).logins ?? 0;
  let said: Record<string, number> = {};
  await until('what is said after each login', 20_000, async () => {
    said = {};
    for (const { whatsappNumber } of outlets)
      for (const [type, count] of Object.entries(await simulator.call.presences(whatsappNumber)))
        said[type] = (said[type] ?? 0) + count;
    return (said.unavailable ?? 0) >= logins;
  });
  return { said, logins };
}
