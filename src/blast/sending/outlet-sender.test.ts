import { expect, test } from '@jest/globals';
import type { Clock } from '../../common/clock.js';
import type { Config } from '../../config/config.js';
import type { SendingDesk } from '../../wa-session/desk/sending-desk.js';
import { UNHURT, type Carefulness } from '../domain/careful.js';
import { nextMidnight } from '../domain/local-time.js';
import type { Ledger } from '../ledger.js';
import type { Limits, OutletLimits } from '../limits/limits.js';
import type { BlastStart } from './blast-start.js';
import type { MessageMaker } from './message-maker.js';
import type { MessageSender } from './message-sender.js';
import { OutletSender } from './outlet-sender.js';
import type { OpenPart, QueuedRow, SendStore, Whom } from './send-store.js';

const OUTLET = 'braga';
const NOW = Date.parse('2026-11-27T03:00:00Z');

interface Person {
  seq: number;
  isNew: boolean;
  part: string;
}

/** A shop with people in line, whose messages all arrive. Time passes with each message, or not at all. */
class Shop {
  readonly sent: number[] = [];
  readonly dropped: number[] = [];
  readonly holds: (string | null)[] = [];
  readonly usage = { newChats: 0, knownChats: 0, sendingDay: 1 };
  readonly tooLate: number[] = [];
  turns = 0;
  messageMs = 0;
  /** What comes of the next messages; then all arrive. */
  answers: ('skipped' | 'stop' | 'again')[] = [];
  /** Until when whoever sent for it before said it rests. */
  restUntil: number | null = null;
  private now = NOW;
  private people: Person[] = [];
  private readonly parts = new Map<string, OpenPart>();
  private readonly sender: OutletSender;

  constructor(private readonly careful: Carefulness) {
    const clock: Partial<Clock> = { now: () => this.now, wall: () => this.now, steady: (at) => at };
    const owner = { outletId: OUTLET, epoch: '1' };
    const line = { ...owner, messenger: { begin: this.begin } };
    const desk = {
      owner: () => owner,
      line: () => line,
      newChats: () => null,
      askNewChats: () => Promise.resolve(null),
    };
    const moveMany = (_: string, reason: string, __: unknown, ___: string, [part]: [string]): Promise<number> => {
      if (reason === 'TOO_LATE')
        this.tooLate.push(...this.people.filter((one) => one.part === part).map(({ seq }) => seq));
      return Promise.resolve(0);
    };
    this.sender = new OutletSender(
      {
        partsOf: () => Promise.resolve([...this.parts.values()].filter(({ queued }) => queued > 0)),
        nextQueued: (_: string, part: string, whom: Whom, limit: number) =>
          Promise.resolve(this.inLine(part, whom).slice(0, limit)),
        hold: (_: unknown, [part]: string[], code: string | null) => {
          this.parts.get(part!)!.hold_code = code as never;
          this.holds.push(code);
          return Promise.resolve([part]);
        },
      } as unknown as SendStore,
      { due: () => Promise.resolve(null) } as unknown as BlastStart,
      {
        between: (work: () => unknown) => Promise.resolve(work()),
        touched: () => undefined,
        moveMany,
      } as unknown as Ledger,
      { of: () => Promise.resolve(new Map([[OUTLET, this.limits()]])) } as unknown as Limits,
      { ready: (_: string, __: unknown, rows: unknown) => Promise.resolve(rows) } as unknown as MessageMaker,
      {
        send: (_: unknown, { message }: { message: Person }) => {
          const answer = this.answers.shift();
          if (answer) return Promise.resolve(answer);
          this.sent.push(message.seq);
          this.now += this.messageMs;
          this.usage[message.isNew ? 'newChats' : 'knownChats']++;
          this.people = this.people.filter(({ seq }) => seq !== message.seq);
          this.parts.get(message.part)!.queued--;
          return Promise.resolve('sent');
        },
      } as unknown as MessageSender,
      desk as unknown as SendingDesk,
      clock as Clock,
      { blastReceiptWaitMs: 1 } as Config,
    );
  }

  /** One blast to these, in order: `n` is new to the shop, `k` known. */
  blast(part: string, people: string, { notAfterMs }: { notAfterMs?: number } = {}): this {
    const from = this.people.length;
    this.people.push(...[...people].map((one, index) => ({ seq: from + index + 1, isNew: one === 'n', part })));
    const open = { blast_id: part, gone: false, running: true, stopped: false, queued: people.length, sending: 0 };
    const rest = { hold_code: null, hold_until: null, not_before: null };
    const not_after = notAfterMs === undefined ? null : new Date(NOW + notAfterMs);
    this.parts.set(part, { ...open, ...rest, not_after } as unknown as OpenPart);
    return this;
  }

  /** Gives it turns for as long as it asks for one at once. Answers when it wants the next; `null`: when somebody wakes it. */
  async work(): Promise<number | null> {
    for (; this.turns < 20;) {
      this.turns++;
      const next = await this.sender.takeTurn(OUTLET);
      if (next === null || next > this.now) return next;
    }
    throw new Error('it never rests');
  }

  private limits(): OutletLimits {
    return { careful: this.careful, usage: { ...this.usage }, restUntil: this.restUntil } as OutletLimits;
  }

  private inLine(part: string, whom: Whom): QueuedRow[] {
    return this.people.filter(
      (one) => one.part === part && (whom === 'all' || one.isNew === (whom === 'new')),
    ) as never;
  }

  private readonly begin = (): object => ({ drop: () => this.dropped.push(1) });
}

const tomorrow = nextMidnight(NOW, 'Asia/Jakarta');

test.each<[caps: [newChats: number, knownChats: number], people: string, sent: number[]]>([
  [[2, 9], 'nnnn', [1, 2]],
  [[2, 9], 'nnnk', [1, 2, 4]],
  [[2, 9], 'knnnk', [1, 2, 3, 5]],
  [[9, 2], 'kkkk', [1, 2]],
  [[9, 2], 'kkkn', [1, 2, 4]],
  [[1, 1], 'nknk', [1, 2]],
  [[0, 9], 'nk', [2]],
  [[9, 0], 'kn', [2]],
])('a turn that uses caps of %j up among %s sends to %j and says what holds the others', async (caps, people, sent) => {
  const [newChatsPerDay, knownChatsPerDay] = caps;
  const shop = new Shop({ ...UNHURT, paceMinMs: 0, paceMaxMs: 0, newChatsPerDay, knownChatsPerDay }).blast('a', people);
  expect(await shop.work()).toBe(tomorrow);
  expect(shop.sent).toEqual(sent);
  expect(shop.holds).toEqual(['DAILY_CAP']);
});

test.each([
  [[3, 9], 'nnn'],
  [[9, 2], 'kk'],
  [[1, 1], 'nk'],
  [[9, 9], 'nknk'],
])('caps of %j that the last of %s uses up hold nobody', async ([newChatsPerDay, knownChatsPerDay], people) => {
  const careful = { ...UNHURT, paceMinMs: 0, paceMaxMs: 0, newChatsPerDay, knownChatsPerDay } as Carefulness;
  const shop = new Shop(careful).blast('a', people);
  await shop.work();
  expect(shop.sent).toHaveLength(people.length);
  expect(shop.holds).toEqual([]);
});

test('two blasts of one turn share what is left of the day', async () => {
  const careful = { ...UNHURT, paceMinMs: 0, paceMaxMs: 0, newChatsPerDay: 3 };
  const shop = new Shop(careful).blast('a', 'nn').blast('b', 'nn');
  expect(await shop.work()).toBe(tomorrow);
  expect(shop.sent).toEqual([1, 2, 3]);
  expect(shop.holds).toEqual(['DAILY_CAP']);
});

test('a message made ready behind the cap is let go of', async () => {
  const shop = new Shop({ ...UNHURT, paceMinMs: 0, paceMaxMs: 0, newChatsPerDay: 1 }).blast('a', 'nn');
  await shop.work();
  expect(shop.dropped).toHaveLength(1);
});

test('a blast that is held is looked at when its time is over', async () => {
  const shop = new Shop({ ...UNHURT, newChatsPerDay: 0, paceMinMs: 0, paceMaxMs: 0 });
  expect(await shop.blast('a', 'n', { notAfterMs: 60_000 }).work()).toBe(NOW + 60_000);
});

test('no message of a blast leaves after its time, also where that comes within a turn', async () => {
  const shop = new Shop({ ...UNHURT, paceMinMs: 0, paceMaxMs: 0 }).blast('a', 'nnnnnn', { notAfterMs: 250 });
  shop.messageMs = 100;
  await shop.work();
  expect(shop.sent).toEqual([1, 2, 3]);
  expect(shop.tooLate).toEqual([4, 5, 6]);
});

test.each([
  ['as long as was said', 4_000, 4_000],
  ['no longer than it ever rests, whatever a clock said', 3_600_000, 5_000],
])('an outlet that another process sent for rests %s', async (_, saidMs, restsMs) => {
  const shop = new Shop({ ...UNHURT, paceMinMs: 5_000, paceMaxMs: 5_000 }).blast('a', 'n');
  shop.restUntil = NOW + saidMs;
  expect(await shop.work()).toBe(NOW + restsMs);
  expect(shop.sent).toEqual([]);
});

test('an outlet that is woken while it rests goes on resting', async () => {
  const shop = new Shop({ ...UNHURT, paceMinMs: 5_000, paceMaxMs: 5_000 }).blast('a', 'nn');
  expect(await shop.work()).toBe(NOW + 5_000);
  expect(await shop.work()).toBe(NOW + 5_000);
  expect(shop.sent).toEqual([1]);
});

test('whose socket went away looks again in a while, and lets go of what was made ready', async () => {
  const shop = new Shop({ ...UNHURT, paceMinMs: 0, paceMaxMs: 0 }).blast('a', 'nnn');
  shop.answers = ['again'];
  expect(await shop.work()).toBe(NOW + 2_000);
  expect(shop.sent).toEqual([]);
  expect(shop.dropped).toHaveLength(1);
});

test('after a stop the outlet looks at everything anew before the next message', async () => {
  const shop = new Shop({ ...UNHURT, paceMinMs: 0, paceMaxMs: 0 }).blast('a', 'nnn');
  shop.answers = ['stop'];
  await shop.work();
  expect(shop.turns).toBeGreaterThan(1);
  expect(shop.dropped).toHaveLength(1);
  expect(shop.sent).toHaveLength(3);
});

test('who was skipped uses up no cap', async () => {
  const shop = new Shop({ ...UNHURT, paceMinMs: 0, paceMaxMs: 0, newChatsPerDay: 2 }).blast('a', 'nnn');
  shop.answers = ['skipped'];
  await shop.work();
  expect(shop.sent).toEqual([2, 3]);
});
