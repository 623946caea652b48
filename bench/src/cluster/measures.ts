import { Child } from '../children/child.ts';
import type { SubscriberMethods } from '../children/subscribers.ts';
import { now } from '../clock.ts';
import { sendBlast } from '../blast/product-blast.ts';
import { Api } from '../product/api.ts';
import { childFile } from '../product/linked-state.ts';
import { makeChanges, match, type ChangePlan } from '../push/changes.ts';
import { summarise, type Summary } from '../statistics.ts';
import type { Fleet, Surroundings } from './fleet.ts';

/** Milliseconds; what the node does itself that is asked or told, and what another does. */
export interface ByOwner {
  local: Summary;
  elsewhere: Summary;
}

export interface Idle {
  /** Percent of a core, of each process. */
  cpu: number[];
  commitsPerSecond: number;
}

export interface Sending {
  messages: number;
  /** From the request until WhatsApp has acknowledged all and the database knows. Seconds. */
  wall: number;
  /** How many phones show it exactly once. */
  shown: number;
}

const ANSWERED_WITHIN_MS = 1_000;

/** With nothing to do for so long. */
export async function measureIdle(fleet: Fleet, seconds: number): Promise<Idle> {
  const cpu = (): Promise<number[]> => Promise.all(fleet.nodes.map(({ probe }) => probe.cpu()));
  const [before, commits, begun] = [await cpu(), await fleet.commits(), now()];
  await pause(seconds * 1_000);
  const after = await cpu();
  const lasted = (now() - begun) / 1_000;
  return {
    cpu: after.map((used, index) => (100 * (used - before[index]!)) / lasted),
    commitsPerSecond: ((await fleet.commits()) - commits) / lasted,
  };
}

/** From Baileys' event in whichever process to a page at the first. */
export async function measurePush(
  fleet: Fleet,
  { simulator }: Surroundings,
  plan: ChangePlan,
): Promise<ByOwner & { missing: number }> {
  const [first] = fleet.nodes;
  const api = await Api.login(first!.url);
  const outlets = (await api.outlets()).map(({ id, whatsappNumber }) => ({ id, number: whatsappNumber }));
  const client = new Child<SubscriberMethods>({ file: childFile('subscribers') });
  await client.call.open(first!.url, api.token, 1);
  for (const { probe } of fleet.nodes) await probe.takeUpdates();
  await client.call.take();
  await makeChanges(simulator, outlets, plan);
  await pause(ANSWERED_WITHIN_MS);
  const told = await client.call.take();
  const updates = await Promise.all(fleet.nodes.map(({ probe }) => probe.takeUpdates()));
  await client.call.close();
  await client.end();
  const [local, ...others] = updates.map((seen) => match(seen, told));
  const latencies = (all: (typeof local)[]): Summary =>
    summarise(all.flatMap((each) => each?.matched.flatMap(({ latencies: taken }) => taken) ?? []));
  const missing = [local, ...others].reduce((sum, each) => sum + (each?.unmatched.length ?? 0), 0);
  return { local: latencies([local]), elsewhere: latencies(others), missing };
}

/** "Nyalakan" of outlets that are on, at the first node, of its own outlets and of others' in turn. */
export async function measureCommands(fleet: Fleet, times: number): Promise<ByOwner> {
  const api = await Api.login(fleet.nodes[0]!.url);
  const [own = [], ...others] = await fleet.owned();
  const elsewhere = others.flat();
  const press = async (ids: readonly string[], at: number): Promise<number[]> => {
    const id = ids[at % ids.length];
    if (id === undefined) return [];
    const begun = now();
    await api.post(`/outlets/${id}/resume`);
    return [now() - begun];
  };
  const taken: Record<'local' | 'elsewhere', number[]> = { local: [], elsewhere: [] };
  for (let at = 0; at < times; at++) {
    taken.local.push(...(await press(own, at)));
    taken.elsewhere.push(...(await press(elsewhere, at)));
  }
  return { local: summarise(taken.local), elsewhere: summarise(taken.elsewhere) };
}

/** A blast of all outlets, asked of the first node. */
export async function measureSending(
  fleet: Fleet,
  { simulator, outlets }: Surroundings,
  [warmUp, measured]: readonly [string[], string[]],
): Promise<Sending> {
  const api = await Api.login(fleet.nodes[0]!.url);
  const subscriber = api.subscribe();
  await new Promise((resolve) => subscriber.once('outlet-status:snapshot', resolve));
  await simulator.register([...warmUp, ...measured]);
  await sendBlast(api, subscriber, warmUp, outlets);
  const begun = now();
  const finished = await sendBlast(api, subscriber, measured, outlets);
  subscriber.close();
  return {
    messages: measured.length,
    wall: (finished - begun) / 1_000,
    shown: await simulator.showing(measured, 1),
  };
}

const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
