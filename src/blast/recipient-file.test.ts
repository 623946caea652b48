import { expect, test } from '@jest/globals';
import { buffer, text } from 'node:stream/consumers';
import { recipientFile, type FileRow } from './recipient-file.js';
import { toRecipient } from './recipient-view.js';

const row = (more: Partial<FileRow>): FileRow => ({
  seq: 1,
  outlet_id: 'o',
  number: '6281234567890',
  name: 'Sari',
  status: 'delivered',
  reason: null,
  code: null,
  message_id: null,
  sent_at: new Date('2026-11-27T01:15:03Z'),
  delivered_at: new Date('2026-11-27T16:30:00Z'),
  read_at: null,
  replied_at: null,
  ...more,
});
const OUTLETS = new Map([['o', { name: 'Jayapura; Pusat', zone: 'Asia/Jayapura' as const }]]);
async function* of(...rows: FileRow[]): AsyncGenerator<FileRow> {
  yield* rows;
}

test('for an Indonesian spreadsheet: its delimiter and words, numbers as text, the times of the outlet', async () => {
  const file = (
    await buffer(
      recipientFile(
        of(row({}), row({ name: '=1+1', status: 'skipped', reason: 'OPTED_OUT', sent_at: null, delivered_at: null })),
        OUTLETS,
        'id',
      ),
    )
  ).toString();
  expect(file.split('\r\n')).toEqual([
    '\ufeffnomor_wa;nama;outlet;status;alasan;kode;terkirim;sampai;dibaca;dibalas;zona',
    '0812-3456-7890;Sari;"Jayapura; Pusat";Sampai;;;2026-11-27 10:15:03;2026-11-28 01:30:00;;;WIT',
    '0812-3456-7890;\'=1+1;"Jayapura; Pusat";Dilewati;Berhenti berlangganan.;;;;;;WIT',
    '',
  ]);
});

test('for an English one', async () => {
  const file = await text(recipientFile(of(row({ number: '6591234567' })), OUTLETS, 'en'));
  expect(file).toContain('whatsapp_number,name,outlet,status,reason,code,sent,delivered,read,replied,zone\r\n');
  expect(file).toContain('0065-9123-4567,Sari,Jayapura; Pusat,Delivered,');
});

test('of who was erased there is the outcome, and no number made of what stands in its place', async () => {
  const gone = row({ number: 'erased 1d26a86d-a611-4944-8b13-98becd90dedd', name: null });
  const file = await text(recipientFile(of(gone), OUTLETS, 'id'));
  expect(file.split('\r\n')[1]).toMatch(/^;data dihapus;"Jayapura; Pusat";Sampai;/);
  expect(toRecipient(gone)).toMatchObject({ phone: '', status: 'delivered' });
});
