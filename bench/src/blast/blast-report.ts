import type { Outcome, Table, Target } from '../benchmark.ts';
import { round } from '../statistics.ts';
import type { QueueResult } from './queue-size.ts';
import type { Speed } from './surroundings.ts';

const PRODUCT = 'Koneksi';
/** The rule that the pace of an outlet does not depend on what waits behind. */
const SAME_PACE = 0.9;
const AIM = 0.7;

export interface Plan {
  outlets: number[];
  /** Messages measured, over all outlets; as many again before, to warm up. */
  messages: number;
  queued: number[];
}

export interface BlastResult {
  plan: Plan;
  speeds: Speed[];
  queues: QueueResult[];
}

export function report(result: BlastResult): Outcome {
  return { tables: [speedTable(result), queueTable(result)], targets: targets(result), details: result };
}

const rate = ({ messages, wall }: { messages: number; wall: number }): number => messages / wall;

function speedTable({ speeds }: BlastResult): Table {
  return {
    title: 'Sending, pacing off: from the request until WhatsApp has acknowledged all',
    columns: ['', 'sessions', 'chats', 'messages', 'acked/s', 'CPU ms/message', 'PostgreSQL ms', 'shown once'],
    rows: speeds.map((speed) => [
      speed.who,
      speed.sessions,
      speed.chats,
      speed.messages,
      round(rate(speed)),
      round((1000 * speed.cpu) / speed.messages, 2),
      speed.postgresCpu === null ? '' : round((1000 * speed.postgresCpu) / speed.messages, 2),
      speed.shown,
    ]),
  };
}

function queueTable({ queues }: BlastResult): Table {
  return {
    title: 'One outlet, more and more waiting behind the messages measured',
    columns: ['', 'ms to create 10,000', 'messages', 'acked/s', 'CPU ms/message'],
    rows: queues.map((queue) => [
      `${queue.queued} queued`,
      Math.round(queue.create),
      queue.messages,
      round(rate(queue)),
      round((1000 * queue.cpu) / queue.messages, 2),
    ]),
  };
}

function targets({ speeds, queues }: BlastResult): Target[] {
  const list: Target[] = [];
  for (const ours of speeds.filter(({ who }) => who.startsWith(PRODUCT))) {
    for (const bare of speeds.filter(
      ({ who, sessions, chats }) => !who.startsWith(PRODUCT) && sessions === ours.sessions && chats === ours.chats,
    )) {
      const share = rate(ours) / rate(bare);
      list.push({
        name: `acked/s of ${ours.sessions}, ${ours.chats} chats, beside ${bare.who}`,
        aim: `>= ${AIM} x`,
        measured: `${share.toFixed(2)} x (${round(rate(ours))} / ${round(rate(bare))})`,
        met: share >= AIM,
      });
    }
  }
  const [few, many] = [queues[0], queues.at(-1)];
  if (few && many && few !== many) {
    const share = rate(many) / rate(few);
    list.push({
      name: `pace with ${many.queued} queued, of that with ${few.queued}`,
      aim: `>= ${SAME_PACE} x`,
      measured: `${share.toFixed(2)} x`,
      met: share >= SAME_PACE,
    });
  }
  return list;
}
