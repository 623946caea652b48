import { expect, test } from '@jest/globals';
import { changesOf } from './changes.js';

const NOTHING = { edited: [], tells: [], hides: [], before: undefined, after: undefined, body: undefined };

test('of what is edited it tells what is another afterwards, however its fields are ordered', () => {
  const before = { id: '1', name: 'Dago', tags: ['a'], city: null, fields: { kota: 'Bogor', poin: '3' } };
  const after = { ...before, name: 'Dago Atas', city: 'Bandung', fields: { poin: '3', kota: 'Bogor' }, sent: 4 };
  expect(changesOf({ ...NOTHING, edited: ['name', 'tags', 'city', 'fields'], before, after })).toEqual([
    { field: 'name', before: 'Dago', after: 'Dago Atas', hidden: false },
    { field: 'city', before: null, after: 'Bandung', hidden: false },
  ]);
});

test('what is made had nothing before, and what is removed has nothing after', () => {
  const outlet = { name: 'Dago', tags: [], isActive: false };
  const edited = ['name', 'isActive'];
  expect(changesOf({ ...NOTHING, edited, after: outlet })).toEqual([
    { field: 'name', before: null, after: 'Dago', hidden: false },
    { field: 'isActive', before: null, after: false, hidden: false },
  ]);
  expect(changesOf({ ...NOTHING, edited, before: outlet, after: null, body: outlet })).toEqual([
    { field: 'name', before: 'Dago', after: null, hidden: false },
    { field: 'isActive', before: false, after: null, hidden: false },
  ]);
});

test('what the answer does not repeat is told as it was asked', () => {
  expect(changesOf({ ...NOTHING, tells: ['stop', 'title'], body: { stop: false }, after: { title: 'Promo' } })).toEqual(
    [
      { field: 'stop', before: null, after: false, hidden: false },
      { field: 'title', before: null, after: 'Promo', hidden: false },
    ],
  );
});

test('no secret is told, wherever it stands: only that it changed', () => {
  const secrets = {
    password: 'kata sandi',
    newPassword: 'kata sandi',
    message: 'Halo Ibu',
    confirmText: 'Halo',
    secret: 'whsec_1',
    accessToken: 'kon_1',
    code: 'AB12CD34',
  };
  const told = changesOf({
    ...NOTHING,
    edited: [...Object.keys(secrets), 'settings', 'url'],
    tells: ['note'],
    hides: ['file'],
    before: { ...secrets, url: 'https://a.example/' },
    after: {
      ...secrets,
      settings: { token: 'kon_1', deep: [{ message: 'Halo' }], every: 3 },
      url: 'https://u:p@a.example/x?key=kon_1',
    },
    body: { ...secrets, note: 'Halo', file: 'Halo' },
  });
  expect(told).toEqual([
    { field: 'settings', before: null, after: { token: '…', deep: [{ message: '…' }], every: 3 }, hidden: false },
    ...['url', 'file', ...Object.keys(secrets)].map((field) => ({ field, before: null, after: null, hidden: true })),
  ]);
});

test('long ones are cut, between characters', () => {
  const ids = Array.from({ length: 300 }, (_, index) => String(index));
  const [outletIds, name] = changesOf({
    ...NOTHING,
    tells: ['outletIds', 'name'],
    after: { outletIds: ids, name: `${'x'.repeat(199)}😀y` },
  });
  expect(outletIds!.after).toEqual([...ids.slice(0, 20), '… +280']);
  expect((name!.after as string).isWellFormed()).toBe(true);
  expect(name!.after).toHaveLength(201);
});

test.each([
  'https://hooks.slack.com/services/T0/B0/rahasia',
  'HTTPS://hooks.slack.com:443/api/webhooks/1/rahasia#x',
  ' https://bot:rahasia@hooks.slack.com/botrahasia/send',
  'https:hooks.slack.com/rahasia',
  'https://hooks.slack.com?rahasia',
])('of the address %s its host alone is told, wherever it stands', (url) => {
  const other = 'https://discord.com:8443/api/webhooks/1/rahasia';
  const told = (before: unknown, after: unknown) =>
    changesOf({ ...NOTHING, edited: ['url'], before: { url: before }, after: { url: after } });
  expect(told(url, other)).toEqual([
    { field: 'url', before: 'hooks.slack.com', after: 'discord.com:8443', hidden: false },
  ]);
  expect(told(null, [{ to: url }])[0]!.after).toEqual([{ to: 'hooks.slack.com' }]);
  // That it changed is told where how is not.
  expect(told(url, 'https://hooks.slack.com/lain')).toEqual([
    { field: 'url', before: null, after: null, hidden: true },
  ]);
  expect(told(url, null)).toEqual([{ field: 'url', before: 'hooks.slack.com', after: null, hidden: false }]);
});
