import '@angular/compiler';
import { Injector, runInInjectionContext, type DestroyableInjector } from '@angular/core';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { PagedList } from './paged-list';

interface Row {
  id: string;
  said: string;
}

const PAGE = 2;
let rows: Row[];
let isAway: boolean;
let held: (() => void)[] | null;
let asked: (string | null)[];
let injector: DestroyableInjector;
let list: PagedList<Row>;

/** As a server that pages them two at a time, from the one after `after` on. */
async function ask(after: string | null): Promise<{ items: Row[]; next: string | null }> {
  asked.push(after);
  if (held) await new Promise<void>((resolve) => held?.push(resolve));
  if (isAway) throw new Error('no network');
  const from = after === null ? 0 : rows.findIndex(({ id }) => id === after) + 1;
  const items = rows.slice(from, from + PAGE);
  return { items, next: from + PAGE < rows.length ? items.at(-1)!.id : null };
}

beforeEach(() => {
  jest.useFakeTimers();
  rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id, said: 'old' }));
  [isAway, held, asked] = [false, null, []];
  injector = Injector.create({ providers: [] });
  list = runInInjectionContext(injector, () => new PagedList<Row>(ask, ({ id }) => id));
});
afterEach(() => void jest.useRealTimers());

const shown = (): string => (list.items() ?? []).map(({ id, said }) => id + said.slice(0, 1)).join(' ');

async function readTwoPages(): Promise<void> {
  await list.load();
  await list.loadMore();
  expect(shown()).toBe('ao bo co do');
}

test('read again, it is read as far as it was shown, and what came and what went is in its place', async () => {
  await readTwoPages();
  rows = [{ id: 'z', said: 'new' }, ...rows.filter(({ id }) => id !== 'b').map((row) => ({ ...row, said: 'new' }))];
  await list.again();
  expect(shown()).toBe('zn an cn dn');
  await list.loadMore();
  expect(shown()).toBe('zn an cn dn en fn');
  expect(list.more()).toBe(false);
});

test('until all of it is read again, what was shown stays whole', async () => {
  await readTwoPages();
  rows = rows.map((row) => ({ ...row, said: 'new' }));
  held = [];
  const again = list.again();
  await jest.advanceTimersByTimeAsync(1);
  held.shift()!();
  await jest.advanceTimersByTimeAsync(1);
  expect(shown()).toBe('ao bo co do');
  held.shift()!();
  await again;
  expect(shown()).toBe('an bn cn dn');
});

test('what cannot be read again is no fault of the page, and is tried until it works', async () => {
  await readTwoPages();
  rows = rows.map((row) => ({ ...row, said: 'new' }));
  isAway = true;
  await list.again();
  await jest.advanceTimersByTimeAsync(30_000);
  expect([shown(), list.fault(), list.moreFault()]).toEqual(['ao bo co do', null, null]);
  isAway = false;
  await jest.advanceTimersByTimeAsync(90_000);
  expect(shown()).toBe('an bn cn dn');
  asked = [];
  await jest.advanceTimersByTimeAsync(600_000);
  expect(asked).toEqual([]);
});

test('who scrolls on while it is read again loses neither', async () => {
  await readTwoPages();
  rows = rows.map((row) => ({ ...row, said: 'new' }));
  held = [];
  const both = [list.again(), list.loadMore(), list.loadMore()];
  for (let turn = 0; turn < 6; turn += 1) {
    await jest.advanceTimersByTimeAsync(1);
    held.shift()?.();
  }
  await Promise.all(both);
  expect(shown()).toBe('an bn cn dn en fn');
});

test('where it does not go on, what is there stays, and going on can be asked for again', async () => {
  await list.load();
  isAway = true;
  await list.loadMore();
  expect([shown(), list.fault()]).toEqual(['ao bo', null]);
  expect(list.moreFault()).not.toBeNull();
  isAway = false;
  await list.loadMore();
  expect([shown(), list.moreFault()]).toEqual(['ao bo co do', null]);
});

test('what is asked for by somebody says what is wrong, and wins over what is read again', async () => {
  isAway = true;
  await list.load();
  expect([list.items(), list.fault()?.code]).toEqual([null, 'INTERNAL']);
  isAway = false;
  // Nothing was there that could stay.
  await list.again();
  expect([shown(), list.fault()]).toEqual(['ao bo', null]);
  held = [];
  const before = list.again();
  await jest.advanceTimersByTimeAsync(1);
  rows = [{ id: 'x', said: 'else' }];
  const asking = list.load();
  for (const answer of held.splice(0)) answer();
  await Promise.all([before, asking]);
  expect(shown()).toBe('xe');
});

test('what nobody looks at any more is tried no more', async () => {
  await list.load();
  isAway = true;
  await list.again();
  injector.destroy();
  asked = [];
  await jest.advanceTimersByTimeAsync(600_000);
  expect(asked).toEqual([]);
});

test('what is tried later by itself is read as its owner reads, who keeps the news that come meanwhile', async () => {
  const read: string[] = [];
  const during = async (work: () => Promise<void>): Promise<void> => {
    read.push('begun');
    await work();
    read.push('read');
  };
  list = runInInjectionContext(injector, () => new PagedList<Row>(ask, ({ id }) => id, during));
  await list.load();
  isAway = true;
  await list.again();
  expect(read).toEqual([]);
  isAway = false;
  await jest.advanceTimersByTimeAsync(4_000);
  expect(read).toEqual(['begun', 'read']);
});

test('what goes on from a list that another replaced meanwhile is not put behind it', async () => {
  await list.load();
  held = [];
  const searched = list.load();
  const more = list.loadMore();
  await jest.advanceTimersByTimeAsync(0);
  expect(held).toHaveLength(2);
  rows = ['p', 'q', 'r'].map((id) => ({ id, said: 'new' }));
  held[0]!();
  await searched;
  rows = ['a', 'b', 'c', 'd'].map((id) => ({ id, said: 'old' }));
  held[1]!();
  await more;
  expect(shown()).toBe('pn qn');
});
