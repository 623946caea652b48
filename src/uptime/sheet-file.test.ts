import { expect, test } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { sheetFile, type SheetLine } from './sheet-file.js';

const MINUTE = 60_000;
/** With the mark in front, which decoders drop. */
const text = async (file: Readable): Promise<string> => (await buffer(file)).toString('utf8');

const line = (name: string, more: Partial<SheetLine> = {}): SheetLine => ({
  outlet: { no: 1, outletId: 'x', name, city: 'Bandung', offsetMs: 0, isThere: true },
  days: [
    { up: 1_439.5 * MINUTE, down: 0.5 * MINUTE, paused: 0 },
    { up: 0, down: 0, paused: 60 * MINUTE },
  ],
  total: { up: 1_439.5 * MINUTE, down: 0.5 * MINUTE, paused: 60 * MINUTE },
  unknown: 12 * MINUTE,
  stays: { incidents: 2, meanSeconds: 90 },
  ...more,
});

test('is what Indonesian Excel opens: semicolons, decimal commas, a mark in front', async () => {
  expect(await text(sheetFile([line('Dago')], 2, 'id'))).toBe(
    '\ufeffoutlet;kota;uptime_persen;menit_aktif;menit_bermasalah;menit_jeda;menit_tidak_diketahui;gangguan;rata_rata_menit_pulih;1;2\r\n' +
      'Dago;Bandung;99,96;1439,50;0,50;60,00;12,00;2;1,50;99,96;\r\n',
  );
});

test('and in English what English ones do', async () => {
  const [head, first] = (await text(sheetFile([line('Dago')], 2, 'en'))).split('\r\n');
  expect(head).toMatch(/^\ufeffoutlet,city,uptime_percent,/);
  expect(first).toBe('Dago,Bandung,99.96,1439.50,0.50,60.00,12.00,2,1.50,99.96,');
});

test('no name is executed, one that was removed says so, and what nobody knows is empty', async () => {
  const gone = line('=cmd()', { unknown: null, stays: null });
  const removed = { ...gone, outlet: { ...gone.outlet, city: '-1', isThere: false } };
  const [, first] = (await text(sheetFile([removed], 2, 'id'))).split('\r\n');
  expect(first).toBe("'=cmd() (dihapus);'-1;99,96;1439,50;0,50;60,00;;0;;99,96;");
});

test('a delimiter or a quote in a name parts no cells', async () => {
  const [, first] = (await text(sheetFile([line('A;"B"')], 2, 'id'))).split('\r\n');
  expect(first!.startsWith('"A;""B""";Bandung;')).toBe(true);
});
