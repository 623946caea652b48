import { until } from '../clock.ts';
import { sendBlast } from '../blast/product-blast.ts';
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
  const uploaded = (await simulator.call.counters()).mediaUploads ?? 0;
  await stage.close();
  // Ours are one `unavailable` after each login, and of the pulse one `available` and its end a night.
  const foreign = said.null ?? 0;
  const extra = Math.max(0, (said.unavailable ?? 0) - (said.available ?? 0) - logins);
  const of = `in ${messages} messages, ${uploaded} uploads and ${reconnects} reconnects`;
  return {
    targets: [none('presences without a type', foreign, of), none('presences beyond one after each login', extra, of)],
    details: { said, logins, uploaded, messages, reconnects },
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
