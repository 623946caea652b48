import type { Outcome, Table, Target } from '../benchmark.ts';
import { median, round, summarise } from '../statistics.ts';
import type { CrashResult } from './crash.ts';
import type { Footprint } from './footprint.ts';
import type { LinkResult } from './links.ts';

export type BareFootprint = Footprint & { empty: { rss: number; rssAfterGc: number } };

export interface SessionsResult {
  product: Footprint[];
  bare: { name: string; footprints: BareFootprint[] }[];
  links: LinkResult[];
  crash: CrashResult[];
  crashOutlets: number;
}

const PRODUCT = 'Koneksi, the whole product';

export function report(result: SessionsResult, empty: Footprint): Outcome {
  return {
    tables: [costTable(result, empty), timeTable(result)],
    targets: targets(result, empty),
    details: { ...result, empty },
  };
}

function costTable({ product, bare }: SessionsResult, empty: Footprint): Table {
  const rows: Table['rows'] = [[`${PRODUCT}, no outlet`, ...cells(empty, null)]];
  product.forEach((footprint, index) => {
    rows.push([`${PRODUCT}, ${footprint.sessions}`, ...cells(footprint, empty)]);
    for (const { name, footprints } of bare) {
      const other = footprints[index];
      if (other) rows.push([`${name}, ${other.sessions}`, ...cells(other, other.empty)]);
    }
  });
  return {
    title: 'Idle sessions: memory 8 s after the last login, CPU of logging in again after a restart',
    columns: [
      '',
      'RSS MB',
      'after GC',
      'heap MB',
      'KB/session',
      'after GC',
      'CPU ms/login',
      'logins/s',
      'idle CPU',
      'PostgreSQL MB',
      'its idle CPU',
    ],
    rows,
  };
}

function cells(footprint: Footprint, before: { rss: number; rssAfterGc: number } | null): (string | number)[] {
  const {
    sessions,
    rss,
    rssAfterGc,
    heapAfterGc,
    loginCpu,
    loginWall,
    idleCpu,
    idleSeconds,
    postgres,
    postgresIdleCpu,
  } = footprint;
  const each = (megabytes: number): string | number =>
    before && sessions > 0 ? Math.round((megabytes * 1024) / sessions) : '';
  return [
    Math.round(rss),
    Math.round(rssAfterGc),
    Math.round(heapAfterGc),
    each(rss - (before?.rss ?? 0)),
    each(rssAfterGc - (before?.rssAfterGc ?? 0)),
    before ? round((1000 * loginCpu) / sessions) : '',
    before ? round(sessions / loginWall) : '',
    `${((100 * idleCpu) / idleSeconds).toFixed(1)} %`,
    postgres ? Math.round(postgres.memory) : '',
    typeof postgresIdleCpu === 'number' ? `${((100 * postgresIdleCpu) / idleSeconds).toFixed(1)} %` : '',
  ];
}

function timeTable({ links, crash, crashOutlets }: SessionsResult): Table {
  const row = (name: string, samples: number[]): (string | number)[] => {
    const { n, min, median: middle, p95, max } = summarise(samples);
    return [name, n, ...[min, middle, p95, max].map(Math.round)];
  };
  const looked = links.filter(({ atOnce }) => !atOnce);
  const atOnce = links.filter((each) => each.atOnce);
  return {
    title: 'Milliseconds at a subscriber of the pushed status',
    columns: ['', 'n', 'min', 'median', 'p95', 'max'],
    rows: [
      row(
        'connect asked for -> QR',
        links.map(({ requestToQr }) => requestToQr),
      ),
      row(
        'scan, 1.5 s after the QR -> CONNECTED',
        looked.map(({ scanToConnected }) => scanToConnected),
      ),
      row(
        'scan the moment the QR is there -> CONNECTED',
        atOnce.map(({ scanToConnected }) => scanToConnected),
      ),
      row(
        'start after SIGKILL -> subscribed again',
        crash.map(({ subscribed }) => subscribed),
      ),
      row(
        'start after SIGKILL -> first outlet CONNECTED',
        crash.map(({ first }) => first),
      ),
      row(
        `start after SIGKILL -> all ${crashOutlets} CONNECTED`,
        crash.map(({ all }) => all),
      ),
    ],
  };
}

function targets({ product, bare, links, crash, crashOutlets }: SessionsResult, empty: Footprint): Target[] {
  const list: Target[] = [];
  const perSession = ({ sessions, rss }: Footprint, before: { rss: number }): number =>
    ((rss - before.rss) * 1024) / sessions;
  const memory = bare.find(({ name }) => name.includes('memory'));
  product.forEach((footprint, index) => {
    const { sessions } = footprint;
    const inMemory = memory?.footprints[index];
    if (!inMemory) return;
    const ours = perSession(footprint, empty);
    const theirs = perSession(inMemory, inMemory.empty);
    list.push({
      name: `memory per session of ${sessions}, bare Baileys' own`,
      aim: '<= 1 x',
      measured: `${ratio(ours, theirs)} (${Math.round(ours)} / ${Math.round(theirs)} KB)`,
      met: ours <= theirs,
    });
    list.push({
      name: `memory of the whole process with ${sessions}, bare Baileys'`,
      aim: '<= 1 x',
      measured: `${ratio(footprint.rss, inMemory.rss)} (${Math.round(footprint.rss)} / ${Math.round(inMemory.rss)} MB)`,
      met: footprint.rss <= inMemory.rss,
    });
    const login = footprint.loginCpu / sessions;
    const bareLogin = inMemory.loginCpu / sessions;
    list.push({
      name: `CPU per login of ${sessions}, bare Baileys' own`,
      aim: '<= 1.3 x',
      measured: `${ratio(login, bareLogin)} (${(1000 * login).toFixed(1)} / ${(1000 * bareLogin).toFixed(1)} ms)`,
      met: login <= 1.3 * bareLogin,
    });
  });
  const scan = median(links.filter(({ atOnce }) => !atOnce).map(({ scanToConnected }) => scanToConnected));
  const scanAtOnce = median(links.filter(({ atOnce }) => atOnce).map(({ scanToConnected }) => scanToConnected));
  list.push({
    name: 'scan -> CONNECTED pushed, median',
    aim: '<= 150 ms',
    measured: `${Math.round(scan)} ms`,
    met: scan <= 150,
  });
  list.push({
    name: 'the same, scanned the moment the QR is there',
    aim: '<= 150 ms',
    measured: `${Math.round(scanAtOnce)} ms`,
    met: scanAtOnce <= 150,
  });
  const slowest = Math.max(...crash.map(({ all }) => all));
  list.push({
    name: `${crashOutlets} outlets back after SIGKILL, slowest`,
    aim: '<= 5 s',
    measured: `${(slowest / 1000).toFixed(2)} s`,
    met: slowest <= 5_000,
  });
  return list;
}

const ratio = (ours: number, theirs: number): string => `${(ours / theirs).toFixed(2)} x`;
