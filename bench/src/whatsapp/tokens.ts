import { sendBlast } from '../blast/product-blast.ts';
import { shares } from '../blast/surroundings.ts';
import type { BareMethods } from '../children/bare-baileys.ts';
import { Child } from '../children/child.ts';
import { childFile } from '../product/linked-state.ts';
import { none, say, type Found, type Part } from './part.ts';
import { Stage } from './stage.ts';

const REFUSED = '463';
const AT_ONCE = 10;
const TEXT = 'Promo akhir pekan: diskon 20 % di semua outlet';

export const tokens: Part = {
  name: 'tokens',
  about: 'first messages that are refused for want of a token, beside bare rc14',
  run,
};

async function run(isQuick: boolean): Promise<Found> {
  const [messages, sessions] = isQuick ? [200, 2] : [10_000, 20];
  const stage = await Stage.open(sessions, sessions, { BLAST_PACE_MS: '0-0' });
  const { simulator, api, subscriber } = stage;
  const [ours, bares] = ['62856', '62858'].map((prefix) =>
    Array.from({ length: messages }, (_, index) => `${prefix}${String(1_000_000 + index)}`),
  ) as [string[], string[]];
  await simulator.call.register([...ours, ...bares]);
  const bareNumbers = Array.from({ length: sessions }, (_, index) => `62822${String(1_000_000 + index)}`);
  await simulator.call.demandTokens([...stage.outlets.map(({ whatsappNumber }) => whatsappNumber), ...bareNumbers]);

  const refusedBefore = await refused(stage);
  for (let from = 0; from < messages; from += 1_000) {
    say(`${from} of ${messages} first messages`);
    await sendBlast(api, subscriber, ours.slice(from, from + 1_000), sessions);
  }
  const refusedOurs = (await refused(stage)) - refusedBefore;
  const shown = await simulator.call.showing(ours, 1);

  say('the same by bare rc14');
  const bare = new Child<BareMethods>({ file: childFile('bare-baileys') });
  await bare.call.start(stage.service, stage.bareDir, 'memory');
  await bare.call.load(sessions);
  await bare.call.open(AT_ONCE);
  await bare.call.send(shares(bares, sessions), TEXT);
  const refusedBare = (await refused(stage)) - refusedBefore - refusedOurs;
  const shownBare = await simulator.call.showing(bares, 1);
  await bare.call.stop();
  await stage.close();
  return {
    tables: [
      {
        title: `${messages} first messages of ${sessions} accounts whose WhatsApp demands tokens`,
        columns: ['', 'refused with 463', 'on the phone, once'],
        rows: [
          ['bare rc14', refusedBare, shownBare],
          ['Koneksi', refusedOurs, shown],
        ],
      },
    ],
    targets: [
      none('avoidable 463', refusedOurs, `of ${messages}; bare rc14 ${refusedBare}`),
      none('first messages that came not, or twice', messages - shown, `of ${messages}`),
    ],
    details: { messages, sessions, refusedOurs, refusedBare, shown, shownBare },
  };
}

const refused = async ({ simulator }: Stage): Promise<number> => (await simulator.call.refused())[REFUSED] ?? 0;
