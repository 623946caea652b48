import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Outlet } from '@koneksi/contracts/outlets';
import { ChildKoneksi } from './support/child-koneksi.js';
import { Koneksi } from './support/koneksi.js';

const OUTLETS = 20;

let koneksi: Koneksi;

beforeAll(async () => {
  koneksi = await Koneksi.start();
});

afterAll(() => koneksi.stop());

test('an outlet that was answered with 201 is known to every interface', async () => {
  const page = await koneksi.dashboard();
  for (let made = 0; made < OUTLETS; made++) {
    const { id } = await koneksi.outlet();
    const [status, watched] = await Promise.all([koneksi.status(id), page.watch(id)]);
    expect(watched).toMatchObject({ success: true, outletId: id });
    expect(status).toMatchObject({ revision: 1, reason: { code: 'NEVER_LINKED' }, since: expect.any(String) });
  }
});

test('a changed number is what everybody is told once the change was answered', async () => {
  const { outlet } = await koneksi.linked(await koneksi.dashboard());
  await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { whatsappNumber: '6281299900001' } });
  const row = await koneksi.sessionRow(outlet.id);
  expect(row?.reason_code).toBe('WRONG_NUMBER');
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('WRONG_NUMBER');
});

test('what people asked for is in the row before they are answered: a kill in the next moment loses none of it', async () => {
  const outlets: Outlet[] = [];
  for (let made = 0; made < OUTLETS; made++) outlets.push(await koneksi.outlet());
  await koneksi.pause();
  const child = await ChildKoneksi.start(koneksi.env);
  await child.ready();
  const token = await child.signIn();
  const ask = ({ id }: Outlet, verb: string): Promise<unknown> => child.call('POST', `/outlets/${id}/${verb}`, token);
  const [paused, resumed, linking] = [outlets.slice(0, 10), outlets.slice(10, 15), outlets.slice(15)];
  await Promise.all(resumed.map((outlet) => ask(outlet, 'pause')));
  await Promise.all([
    ...paused.map((outlet) => ask(outlet, 'pause')),
    ...resumed.map((outlet) => ask(outlet, 'resume')),
    ...linking.map((outlet) => ask(outlet, 'connect')),
  ]);
  await child.kill();
  const codes = await Promise.all(outlets.map(async ({ id }) => (await koneksi.sessionRow(id))?.reason_code));
  expect(codes.slice(0, 10)).toEqual(paused.map(() => 'PAUSED_BY'));
  expect(codes.slice(10, 15)).toEqual(resumed.map(() => 'NEVER_LINKED'));
  for (const code of codes.slice(15)) expect(['PAIRING', 'WAITING_TURN']).toContain(code);
  await koneksi.resume();
  const page = await koneksi.dashboard();
  for (const { id } of linking) expect(await page.qr(id)).toBeTruthy();
  for (const { id } of paused) expect((await koneksi.status(id)).session.status).toBe('PAUSED');
});
