import * as z from 'zod';

const Instant = z.iso.datetime();
const Seconds = z.number().min(0);

/** How far back, and the bars of each: hours, or days from midnight to midnight of the outlet. */
export const UPTIME_WINDOWS = {
  '24h': { unit: 'hour', bars: 24 },
  '7d': { unit: 'day', bars: 7 },
  '30d': { unit: 'day', bars: 30 },
  '90d': { unit: 'day', bars: 90 },
  '365d': { unit: 'day', bars: 365 },
} as const satisfies Record<string, { unit: 'hour' | 'day'; bars: number }>;
export type UptimeWindow = keyof typeof UPTIME_WINDOWS;

const Window = z
  .enum(Object.keys(UPTIME_WINDOWS) as [UptimeWindow, ...UptimeWindow[]])
  .describe('The hour or day under way, and those before it.');

export const UptimeQuery = z.strictObject({ window: Window.default('24h') });
export type UptimeQuery = z.infer<typeof UptimeQuery>;

export const UptimeSheetQuery = z.strictObject({
  month: z
    .string()
    .regex(/^20\d{2}-(0[1-9]|1[0-2])$/)
    .describe('`YYYY-MM`; the month under way where it is not said.')
    .optional(),
});
export type UptimeSheetQuery = z.infer<typeof UptimeSheetQuery>;

const Sums = {
  up: Seconds.describe('Healthy.'),
  down: Seconds.describe('Expected to be healthy, and not.'),
  paused: Seconds.describe('Nobody expected it: paused or switched off, not linked yet, unlinked by us, planned work.'),
  unknown: Seconds.describe('Nobody knows: Koneksi was not running, or the outlet was not there yet.'),
};

export const UptimeBucket = z.object({ from: Instant, ...Sums }).describe('Outlet-seconds of one hour or day.');
export type UptimeBucket = z.infer<typeof UptimeBucket>;

const Figures = {
  uptime: z.number().min(0).max(1).nullable().describe('up / (up + down); null where neither is known.'),
  downSeconds: Seconds,
  incidents: z.int().min(0).describe('Those that lasted at some time of the window.'),
  meanTimeToRepairSeconds: Seconds.nullable().describe('Of those that are over; null where none is.'),
};

export const Uptime = z
  .object({
    window: Window,
    from: Instant,
    to: Instant,
    outlets: z.int().min(0).describe('How many are counted: those you may see and have now.'),
    ...Figures,
    buckets: z.array(UptimeBucket).describe('Oldest first; the last is under way. Together they are the window.'),
  })
  .describe('How much of its time an outlet, or all together, could send. Seconds are told to the millisecond.');
export type Uptime = z.infer<typeof Uptime>;

export const OutletUptime = z.object({
  outletId: z.uuid(),
  name: z.string(),
  city: z.string().nullable(),
  ...Sums,
  ...Figures,
});
export type OutletUptime = z.infer<typeof OutletUptime>;

export const CityUptime = z.object({
  city: z.string().nullable().describe('null: outlets without one.'),
  outlets: z.int(),
  ...Sums,
  uptime: Figures.uptime,
  downSeconds: Figures.downSeconds,
});
export type CityUptime = z.infer<typeof CityUptime>;

export const UptimeRanking = z.object({
  window: Window,
  from: Instant,
  to: Instant,
  worst: z.array(OutletUptime).max(10).describe('Who was down longest first; nobody who was not down.'),
  cities: z.array(CityUptime).describe('Lowest uptime first.'),
});
export type UptimeRanking = z.infer<typeof UptimeRanking>;
