import { until } from '../../../bench/src/clock.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { BlastWatch } from '../stage/blast-watch.ts';
import { Stage } from '../stage/stage.ts';

const RECIPIENTS = 5;

export const retryReceipt: Scenario = {
  name: 'retry-receipt',
  tests: 'test 20',
  about:
    'phones that could not read a message ask again after the process was killed and started; and for one nobody keeps',
  full: { rounds: 50, outlets: 1, minutes: 10 },
  quick: { rounds: 1, outlets: 1, minutes: 1 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const fail = (text: string): void => void findings.failures.push(`round ${findings.rounds + 1}: ${text}`);
    const [outlet] = await stage.linked(1);
    const { simulator } = stage;
    const deadline = performance.now() + plan.minutes * 60_000;
    let read = 0;
    while (outlet && findings.rounds < plan.rounds && performance.now() < deadline) {
      const numbers = await stage.contacts(outlet, findings.rounds * RECIPIENTS, RECIPIENTS);
      const phones = numbers.map((number) => simulator.phone(number));
      for (const phone of phones) phone.setOnline(false);
      const blast = await BlastWatch.start(stage, [outlet], numbers);
      await until('the messages to be on the wire', 30_000, async () => blast.onTheWire === RECIPIENTS, 20);
      await until(
        'WhatsApp to have acknowledged them',
        30_000,
        async () => (await blast.find()).counts.sent === RECIPIENTS,
      );
      await stage.restart();
      await stage.allHealthy([outlet]);
      // The last one's message is kept by nobody any more.
      const [forgotten, ...asking] = phones.toReversed();
      await stage.sql('DELETE FROM blast_recipients WHERE blast_id = $1 AND number = $2', [
        blast.id,
        forgotten?.number,
      ]);
      const sentBefore = simulator.counters()['messagesIn'] ?? 0;
      const retriesBefore = simulator.counters()['retriesOut'] ?? 0;
      for (const phone of phones) {
        // What it wrote with is of no use any more.
        phone.faults.loseSession({ times: 1 });
        phone.setOnline(true);
      }
      await until('all phones to have asked again', 30_000, async () => {
        return (simulator.counters()['retriesOut'] ?? 0) >= retriesBefore + RECIPIENTS;
      }).catch((error: Error) => fail(error.message));
      await until('the phones to read it', 30_000, async () => asking.every(({ inbox }) => inbox.length > 0)).catch(
        (error: Error) => fail(error.message),
      );
      for (const { inbox, number } of asking) {
        if (inbox.length !== 1) fail(`${number} shows ${inbox.length} messages`);
        if (inbox[0]?.retries !== 1) fail(`${number} asked ${inbox[0]?.retries} times`);
        if (inbox[0]?.text.startsWith('Promo ')) read++;
      }
      const resent = (simulator.counters()['messagesIn'] ?? 0) - sentBefore;
      if (resent !== asking.length) fail(`${resent} stanzas left for ${asking.length} messages that are kept`);
      if (forgotten?.inbox.length !== 0) fail('something was shown in place of a message nobody keeps');
      findings.rounds++;
    }
    findings.figures['messages read after asking again'] = read;
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}
