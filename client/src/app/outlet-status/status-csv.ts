import { kindOf } from '@koneksi/contracts/outlet-kind';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Limits } from '@koneksi/contracts/outlet-warnings';
import { guardCell } from '@koneksi/contracts/spreadsheet-cell';
import type { TextKey, Texts } from '../core/texts';
import { explain } from '../live-status/explanation';
import { limitsText } from '../live-status/limits-text';
import type { Past } from '../live-status/status-order';
import type { StatusRow } from '../live-status/status-store';

/** What spreadsheets of Indonesia, where the comma parts decimals, take for the edge of a cell. */
const EDGE = ';';
const BYTE_ORDER_MARK = '\ufeff';

const HEADS: readonly TextKey[] = [
  'status.outlet',
  'status.number',
  'status.city',
  'status.tags',
  'status.state',
  'status.database',
  'status.live',
  'status.since',
  'status.reason',
  'status.nextStep',
  'limits.title',
  'limits.until',
  'strip.title',
  'status.device',
  'status.connectedAt',
  'status.lastSeen',
  'status.retries',
  'status.autoReconnect',
];

/** These rows, in this order, with every column there is; instants as ISO 8601, which spreadsheets understand. */
export function statusCsv(rows: readonly StatusRow[], past: Past, texts: Texts): string {
  const lines = [HEADS.map((head) => texts.t(head)), ...rows.map((row) => cellsOf(row, past, texts))];
  return BYTE_ORDER_MARK + lines.map((cells) => cells.map(written).join(EDGE)).join('\r\n') + '\r\n';
}

function cellsOf(row: StatusRow, past: Past, texts: Texts): string[] {
  const { outlet, session, liveStatus, limits } = row.status;
  const { message, action } = explain(row.status, texts);
  const since = past.since(row);
  return [
    outlet.name,
    `+${outlet.whatsappNumber}`,
    outlet.city ?? '',
    outlet.tags.join(', '),
    texts.t(`kinds.${kindOf(row.status, past.isUnstable(row.id))}`),
    texts.t(`statusName.${session.status}`),
    texts.t(`statusName.${liveStatus.status}`),
    since === null ? '' : new Date(since).toISOString(),
    message,
    action,
    limitsOf(limits, texts),
    limits?.until ?? '',
    share(past.uptime(row.id), texts),
    deviceOf(row.status),
    session.connectedAt ?? '',
    session.lastSeen ?? '',
    String(session.retryCount),
    texts.t(session.autoReconnect ? 'status.autoOn' : 'status.autoOff'),
  ];
}

/** Until when stands in a cell of its own. */
function limitsOf(limits: Limits | null, texts: Texts): string {
  if (limits === null) return '';
  return limitsText({ ...limits, until: null }, texts, String) ?? texts.t('limits.open');
}

function deviceOf({ session, liveStatus }: OutletStatus): string {
  return session.sessionName ?? liveStatus.name ?? '';
}

/** `96,8%`, never rounded up. */
function share(uptime: number | null, { locale }: Texts): string {
  if (uptime === null) return '';
  const tenths = (Math.floor(uptime * 1_000) / 10).toFixed(1);
  return `${locale() === 'id' ? tenths.replace('.', ',') : tenths}%`;
}

/** A number with its country code begins with a plus sign, and starts no formula. */
function written(cell: string): string {
  const safe = /^\+\d+$/.test(cell) ? cell : guardCell(cell);
  return /[;"\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
