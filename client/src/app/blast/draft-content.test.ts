import { describe, expect, test } from '@jest/globals';
import { CreateBlast } from '@koneksi/contracts/blast-requests';
import type { OutletZone } from '@koneksi/contracts/blast-states';
import type { Blast } from '@koneksi/contracts/blasts';
import { CreateRepeatingBlast } from '@koneksi/contracts/repeating-blasts';
import { wayOutOf } from '@koneksi/contracts/way-out';
import { contentOf, NOTHING, repetitionOf, requestOf, type DraftContent } from './draft-content';

const NOW = Date.parse('2026-11-28T12:00:00+07:00');
const OUTLET = '00000000-0000-4000-8000-000000000001';
const MEDIA = {
  id: '00000000-0000-4000-8000-000000000002',
  kind: 'document',
  mimeType: 'application/pdf',
  fileName: 'a.pdf',
  bytes: 9,
} as const;
const EARLIER = '00000000-0000-4000-8000-000000000003';

/** Nothing of it is what a blast has without saying so: whatever is lost on the way differs. */
const MEANT: CreateBlast = {
  outletIds: [OUTLET],
  message: 'Promo {{nama}}, datang ya',
  mediaId: MEDIA.id,
  audience: { tags: ['pelanggan'], exceptTags: ['karyawan'] },
  scheduledAt: '2026-12-01T09:00',
  notAfter: '2026-12-01T17:00',
  title: 'Desember',
  wayOutLanguage: 'en',
  noWayOut: null,
  replaces: EARLIER,
  previewId: 'x',
  repeatAcknowledged: true,
  unknownTagsAcknowledged: true,
  undoSeconds: 10,
};

/** What belongs to a press and to the look before it. */
const OF_THE_PRESS = ['previewId', 'repeatAcknowledged', 'unknownTagsAcknowledged', 'undoSeconds'];

/** As the server tells of what was asked for. */
function blastOf(asked: CreateBlast, ...zones: OutletZone[]): Blast {
  const audience = typeof asked.audience === 'object' && 'tags' in asked.audience ? asked.audience : {};
  return {
    id: EARLIER,
    title: asked.title,
    message: asked.message,
    media: MEDIA,
    scheduledAt: asked.scheduledAt,
    notAfter: asked.notAfter,
    wayOut: wayOutOf(asked.message, asked.wayOutLanguage, asked.noWayOut),
    audience: { kind: 'tags', ...audience, outletIds: [OUTLET] },
    outlets: (zones.length > 0 ? zones : (['Asia/Jakarta'] as const)).map((zone) => ({ outletId: OUTLET, zone })),
  } as unknown as Blast;
}

const again = (changes: Partial<CreateBlast> = {}, replaces = true, ...zones: OutletZone[]): DraftContent =>
  contentOf(blastOf({ ...MEANT, ...changes }, ...zones), [], replaces, NOW);

describe('what is taken from another blast', () => {
  const carried = Object.keys(CreateBlast.shape).filter((name) => !OF_THE_PRESS.includes(name));
  test.each(carried)('has its %s', (name) => {
    expect(MEANT).toHaveProperty(name);
    expect(requestOf(again())).toHaveProperty(name, MEANT[name as keyof CreateBlast]);
  });

  test('has the reason why there is no way out', () => {
    const asked = { wayOutLanguage: null, noWayOut: 'Pesan layanan' };
    expect(requestOf(again(asked))).toMatchObject(asked);
  });

  test('stands for none where it is used again, and keeps its times while they lie ahead', () => {
    const { replaces: _, ...kept } = requestOf(again({}, false));
    expect(kept).toMatchObject({ scheduledAt: MEANT.scheduledAt, notAfter: MEANT.notAfter, title: MEANT.title });
    expect(requestOf(again({}, false)).replaces).toBeNull();
  });

  const over = { scheduledAt: '2026-11-28T09:00', notAfter: '2026-11-28T12:00' };
  test('is told without what has passed by now', () => {
    const draft = again(over, false);
    expect(requestOf(draft)).toMatchObject({ scheduledAt: null, notAfter: null });
    expect(draft.passed).toEqual(over);
    expect(again({}, false).passed).toEqual({});
    // Where it stands for another, nobody sends at once what was to wait: the server refuses the time.
    const changed = again(over);
    expect(requestOf(changed)).toMatchObject({ scheduledAt: over.scheduledAt, notAfter: null });
    expect(changed.passed).toEqual({ notAfter: over.notAfter });
  });

  test.each([
    ['Asia/Jakarta', '2026-11-28T13:30', '2026-11-28T13:30'],
    ['Asia/Jayapura', '2026-11-28T13:30', null],
    ['Asia/Jayapura', '2026-11-28T14:30', '2026-11-28T14:30'],
    ['Asia/Jakarta', '2026-11-28T07:00:00Z', '2026-11-28T14:00'],
    ['Asia/Makassar', '2026-11-28T07:00:00Z', '2026-11-28T15:00'],
    ['Asia/Jayapura', '2026-11-28T16:00:00+09:00', '2026-11-28T16:00'],
    ['Asia/Jayapura', '2026-11-28T04:59:00Z', null],
  ] as const)('at %s reads %s as %s', (zone, notAfter, read) => {
    expect(requestOf(again({ notAfter }, false, zone)).notAfter).toBe(read);
  });

  test.each([[['Asia/Jakarta', 'Asia/Jayapura']], [['Asia/Jayapura', 'Asia/Makassar', 'Asia/Jakarta']]] as const)(
    'at %j an instant begins nowhere earlier than it was to, and ends nowhere later',
    (zones) => {
      const instants = { scheduledAt: '2026-12-01T02:00:00Z', notAfter: '2026-12-01T05:00:00Z' };
      expect(requestOf(again(instants, true, ...zones))).toMatchObject({
        scheduledAt: '2026-12-01T11:00',
        notAfter: '2026-12-01T12:00',
      });
    },
  );
});

describe('what is ordered to come again', () => {
  /** By its own rule, or told in the dialog that they are left out. */
  const otherwise = ['rule', 'title', 'unknownTagsAcknowledged'];
  const draft: DraftContent = { ...again(), replaces: null };
  test.each(Object.keys(CreateRepeatingBlast.shape).filter((name) => !otherwise.includes(name)))(
    'has the draft’s %s',
    (name) => expect(repetitionOf(draft)).toHaveProperty(name, MEANT[name as keyof CreateBlast]),
  );

  test('is for no people by number, nor in the place of another', () => {
    for (const changes of [{ byHand: true }, { replaces: EARLIER }])
      expect(repetitionOf({ ...draft, ...changes })).toBeNull();
  });
});

test('a draft in which nothing was written says so', () => {
  expect(requestOf(NOTHING)).toMatchObject({ audience: 'all', outletIds: [], title: null, noWayOut: null });
});
