import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Contact } from '@koneksi/contracts/contacts';
import type { Outlet } from '@koneksi/contracts/outlets';
import { CLIENT_EVENTS } from '@koneksi/contracts/realtime';
import fc from 'fast-check';
import type { Socket } from 'socket.io-client';
import * as z from 'zod';
import { PATIENCE_MS } from './support/eventually.js';
import { hostileValue, spoiltValue, type JsonSchema, type Sample } from './support/hostile-values.js';
import { expectOk, Koneksi } from './support/koneksi.js';

/** `FUZZ_SEED` and `FUZZ_RUNS` try other events, and more of them; a failure names its seed. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_251_121);
const RUNS = Number(process.env.FUZZ_RUNS ?? 40);
/** Below the burst that one connection may send at once, the ones without an acknowledgement included. */
const EVENTS_A_CONNECTION = 20;
/** A larger packet ends its connection, as another test shows. Bytes. */
const LARGEST_PACKET = 90_000;

let koneksi: Koneksi;
let outlet: Outlet;
let blastId: string;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  outlet = await koneksi.outlet();
  const contact = { phone: '081234567890' };
  expectOk(await koneksi.call<Contact>('POST', `/outlets/${outlet.id}/contacts`, { body: contact }));
  const body = { outletIds: [outlet.id], message: 'Halo', scheduledAt: '2999-01-01T00:00:00Z' };
  blastId = expectOk(await koneksi.call<BlastCreated>('POST', '/blasts', { body })).id;
});
afterAll(() => koneksi.stop());

const sample: Sample = (name, { type }) => {
  if (type === 'integer') return fc.constantFrom(0, 1, 2 ** 53 - 1);
  const id = name === 'blastId' ? blastId : outlet.id;
  return fc.constantFrom(id, id.toUpperCase(), randomUUID());
};

function events(request: z.ZodType): fc.Arbitrary<unknown[]> {
  const schema = z.toJSONSchema(request, { io: 'input' }) as JsonSchema;
  const one = fc.oneof(
    { weight: 3, arbitrary: spoiltValue(schema, sample) },
    { weight: 1, arbitrary: hostileValue },
    { weight: 1, arbitrary: fc.constant(Buffer.from('bytes')) },
  );
  const parts = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(one) },
    { weight: 1, arbitrary: fc.array(one, { maxLength: 3 }) },
  );
  return parts.filter((all) => Buffer.byteLength(JSON.stringify(all)) < LARGEST_PACKET);
}

test.each(Object.entries(CLIENT_EVENTS))(
  'whatever comes with %s, it is answered and the page kept',
  async (event, { request, answer }) => {
    let page = await koneksi.dashboard();
    let sent = 0;
    const details = await fc.check(
      fc.asyncProperty(events(request), async (parts) => {
        if (sent++ === EVENTS_A_CONNECTION) {
          page.close();
          page = await koneksi.dashboard();
          sent = 1;
        }
        const socket = page.socket as unknown as Socket;
        // Nobody waits for this one; it must not hurt either.
        socket.emit(event, ...parts);
        const answered: unknown = await socket.timeout(PATIENCE_MS).emitWithAck(event, ...parts);
        const isRight = request.safeParse(parts[0]).success;
        expect(answer.safeParse(answered).error).toBeUndefined();
        if (!isRight) expect(answered).toMatchObject({ success: false, error: { code: 'VALIDATION_FAILED' } });
        expect(socket.connected).toBe(true);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    page.close();
    const { counterexample, errorInstance } = details;
    expect(
      counterexample && [details.seed, JSON.stringify(counterexample).slice(0, 600), String(errorInstance)],
    ).toBeNull();
  },
);

test('nothing of it was unforeseen', () => {
  expect(koneksi.logged.filter((line) => /failed/.test(line))).toEqual([]);
});
