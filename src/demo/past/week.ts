import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { Pressed, ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import { ADMIN } from '../demo-data.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What an outlet became, and when; instants are milliseconds since the epoch. */
export interface Turn {
  readonly outlet: string;
  readonly at: number;
  /** `null`: it was connected. */
  readonly code: ReasonCode | null;
  readonly params: ReasonParams;
  readonly pressed: Pressed | null;
}

/** What broke, as the product would have gathered it. */
export interface PastIncident {
  readonly code: ReasonCode;
  readonly caredBy: string | null;
  readonly members: readonly { outlet: string; since: number; until: number | null }[];
}

export interface Week {
  /** Oldest first. */
  readonly turns: readonly Turn[];
  readonly incidents: readonly PastIncident[];
}

const KEMANG = 'Jakarta Kemang';
const DAGO = 'Bandung Dago';
const DARMO = 'Surabaya Darmo';
const SANUR = 'Denpasar Sanur';
const PANAKKUKANG = 'Makassar Panakkukang';
const ALL = [KEMANG, DAGO, DARMO, SANUR, PANAKKUKANG];

/**
 * The week before a demo's first start: mostly well, with a cut of WhatsApp, a link that a phone let go, drops, and a
 * pause. It ends with every link let go, for what the phones link then is the first that is true now.
 */
export function weekBefore(now: number): Week {
  const ago = (days: number, hours = 0, minutes = 0): number =>
    now - days * DAY_MS - hours * HOUR_MS - minutes * MINUTE_MS;
  const turns: Turn[] = [];
  const become = (
    outlet: string,
    at: number,
    code: ReasonCode | null,
    act: Pressed['act'] | null = null,
    params: ReasonParams = {},
  ): void => {
    turns.push({ outlet, at, code, params, pressed: act && { act, kind: 'user', name: ADMIN.name } });
  };
  const incidents: PastIncident[] = [];
  const fell = (
    outlets: readonly string[],
    code: ReasonCode,
    [from, to]: [number, number | null],
    caredBy: string | null = null,
  ): void => {
    for (const outlet of outlets) become(outlet, from, code);
    if (to !== null) for (const outlet of outlets) become(outlet, to, null);
    incidents.push({ code, caredBy, members: outlets.map((outlet) => ({ outlet, since: from, until: to })) });
  };

  for (const [index, outlet] of ALL.entries()) {
    become(outlet, ago(7, 6, index), 'PAIRING', 'connect');
    become(outlet, ago(7, 5, 59 - index), null);
  }
  fell([SANUR], 'WHATSAPP_UNREACHABLE', [ago(5, 3), ago(5, 2, 46)]);
  fell(ALL, 'WHATSAPP_UNREACHABLE', [ago(3), ago(2, 23, 22)], ADMIN.name);
  become(DAGO, ago(1, 22), 'PAUSED_BY', 'pause', { by: ADMIN.name, at: new Date(ago(1, 22)).toISOString() });
  become(DAGO, ago(1, 19), null, 'resume');
  fell([DARMO], 'LOGGED_OUT', [ago(0, 19), ago(0, 17, 25)], ADMIN.name);
  fell([SANUR], 'WHATSAPP_UNREACHABLE', [ago(0, 8), ago(0, 7, 41)]);
  fell([PANAKKUKANG], 'LOGGED_OUT', [ago(0, 5), null]);
  for (const outlet of ALL) if (outlet !== PANAKKUKANG) become(outlet, now, 'UNLINKED', 'logout');
  return { turns: turns.toSorted((one, other) => one.at - other.at), incidents };
}
